"""The short way to the pixels of a PNG file that holds nothing else."""

import struct
import zlib

from PIL import Image

BEGIN = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
HEADER = struct.Struct(">II5sI")  # width, height, how the pixels are stored, checksum
CHUNK = struct.Struct(">I4s")  # length, name
STORED = {
    b"\x08\x00\x00\x00\x00": "L",
    b"\x08\x02\x00\x00\x00": "RGB",
    b"\x08\x04\x00\x00\x00": "LA",
    b"\x08\x06\x00\x00\x00": "RGBA",
}
"""8 bits a value, not interlaced: the modes."""


def decode_plain_png(content: bytes, most_pixels: int) -> Image.Image | None:
    """Decode a PNG file of 8 bits a value that has pixels and nothing else, no palette, no text.

    Most files of data sets are such. Pillow unpacks the pixels, as always; what is left out is its
    search for everything else that a PNG file may hold, which takes longer for small images.

    Args:
        content: The bytes of a file.
        most_pixels: How many pixels it may declare.

    Returns:
        What ``PIL.Image.open`` gives; ``None`` if the file is of another kind, or damaged: then
        Pillow is to be asked, and to say why.

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> Image.new("L", (3, 2), 7).save(file, "PNG")
        >>> decode_plain_png(file.getvalue(), most_pixels=100).size
        (3, 2)
        >>> decode_plain_png(b"GIF89a", most_pixels=100) is None
        True

    PyTorch: has no counterpart.

    Source: https://www.w3.org/TR/png-3/
    """
    if not content.startswith(BEGIN) or len(content) < len(BEGIN) + HEADER.size:
        return None
    width, height, stored, checksum = HEADER.unpack_from(content, len(BEGIN))
    mode = STORED.get(stored)
    if mode is None or not 0 < width * height <= most_pixels:
        return None
    data = _pixel_data(content) if zlib.crc32(content[12:29]) == checksum else None
    if data is None:
        return None
    try:
        image = Image.frombytes(mode, (width, height), data, "zip", mode)
    except ValueError:
        return None
    image.format = "PNG"
    return image


def _pixel_data(content: bytes) -> bytes | None:
    """Return the compressed pixels; ``None`` if other chunks than theirs come before the end."""
    place, parts = len(BEGIN) + HEADER.size, list[bytes]()
    while place + CHUNK.size <= len(content):
        length, name = CHUNK.unpack_from(content, place)
        start = place + CHUNK.size
        if name == b"IEND":
            return parts[0] if len(parts) == 1 else b"".join(parts)
        if name != b"IDAT":
            return None
        parts.append(content[start : start + length])
        place = start + length + 4  # the checksum, which Pillow does not look at either
    return None
