"""What a spreadsheet's archive says of itself, looked at before anything in it is unpacked.

In: the bytes of a file. Out: nothing, or a refusal. The directory of an archive can lie: whoever
unpacks it does so under limits of memory and time besides.
"""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from pharos.errors import UnreadableTable

#: An archive that unpacks to more is no report of a cinema.
LARGEST_UNPACKED = 256 << 20
#: The parts of a workbook: a few, and one for each sheet and picture.
MOST_PARTS = 2_000
#: Text packs to a tenth or a twentieth; what packs better than this is made to burst.
LARGEST_RATIO = 400
#: Below this nothing can burst.
_SMALL = 16 << 20


def check_archive(content: bytes, name: str) -> None:
    """Refuse an archive that would burst, or is none. Raises UnreadableTable."""
    if not content.startswith(b"PK"):
        return
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OverflowError, NotImplementedError) as problem:
        raise UnreadableTable(
            f"{name} is cut short or damaged ({problem}); save it anew as .xlsx, or as CSV"
        ) from problem
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    burst = unpacked > max(_SMALL, LARGEST_RATIO * len(content))
    if unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS or burst or packed > len(content):
        raise UnreadableTable(
            f"{name} would unpack to {unpacked >> 20} MB in {len(parts)} parts, which is more than "
            f"a table of figures needs (at most {LARGEST_UNPACKED >> 20} MB, {MOST_PARTS} parts); "
            "copy the table alone into a new file, or save it as CSV"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableTable(f"{name} is protected by a password; save it without one, or as CSV")
