"""``functorch-course devices``: what JAX can run on."""

import argparse

import functorch_course as fc

HELP = "list the devices that JAX can use"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options."""
    del parser


def run(options: argparse.Namespace) -> None:
    """Print one device a line."""
    del options
    print(fc.device.devices())
