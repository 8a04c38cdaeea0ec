"""Texts as Java counts them: in units of UTF-16, of which a character beyond U+FFFF has two."""


def code_units(text: str) -> str:
    """Return `text` with two halves of a surrogate pair for each character beyond U+FFFF; most texts as they are."""
    if text.isascii():
        return text
    data = text.encode("utf-16-le", "surrogatepass")
    if len(data) == 2 * len(text):
        return text
    wide = bytearray(2 * len(data))
    wide[0::4] = data[0::2]
    wide[1::4] = data[1::2]
    return wide.decode("utf-32-le", "surrogatepass")


def characters(units: str) -> str:
    """Return the text of code units, with the halves of surrogate pairs joined; a lone half stays."""
    if units.isascii():
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
