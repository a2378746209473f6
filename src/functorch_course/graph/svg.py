"""A picture as SVG."""

from html import escape

from .picture import Curve, Picture, Polygon, Rectangle, Shape, Text

_FONT = "Aileron, 'Helvetica Neue', Helvetica, Arial, sans-serif"


def to_svg(picture: Picture) -> str:
    """Write a picture as an SVG file, whose text can be searched and read aloud."""
    size = f'width="{picture.width:g}" height="{picture.height:g}"'
    shapes = "\n".join(map(_element, picture.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
        f'viewBox="0 0 {picture.width:g} {picture.height:g}" role="img" '
        f'font-family="{_FONT}">\n'
        f"<title>{escape(picture.description)}</title>\n"
        f'<rect {size} fill="{picture.background}"/>\n{shapes}\n</svg>\n'
    )


def _element(shape: Shape) -> str:
    match shape:
        case Rectangle():
            return (
                f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
                f'height="{shape.height:.1f}" rx="{shape.radius:g}" fill="{shape.fill}" '
                f'stroke="{shape.stroke}"/>'
            )
        case Text():
            return (
                f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:g}" '
                f'fill="{shape.fill}" text-anchor="{shape.anchor}">{escape(shape.text)}</text>'
            )
        case Curve():
            dashes = ' stroke-dasharray="6 5"' if shape.dashed else ""
            return (
                f'<path d="{_path(shape)}" fill="none" stroke="{shape.stroke}" '
                f'stroke-width="{shape.width:g}"{dashes}/>'
            )
        case Polygon():
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
            return f'<polygon points="{points}" fill="{shape.fill}"/>'


def _path(curve: Curve) -> str:
    pieces = ["C " + " ".join(f"{x:.1f} {y:.1f}" for x, y in piece) for piece in curve.pieces]
    return f"M {curve.start[0]:.1f} {curve.start[1]:.1f} {' '.join(pieces)}"
