"""Tells telephone numbers from other digits: calling codes, national prefixes, formatting."""

# Calling code → least and most digits after it. ITU-T E.164; the countries of the corpus first.
_CODES: dict[str, tuple[int, int]] = {
    **{"90": (10, 10), "7": (10, 10), "972": (8, 9), "971": (8, 9), "1": (10, 10)},
    **{"49": (7, 12), "44": (9, 10), "33": (9, 9), "34": (9, 9), "39": (8, 11), "31": (9, 9)},
    **{"32": (8, 9), "41": (9, 9), "43": (7, 12), "45": (8, 8), "46": (7, 10), "47": (8, 8)},
    **{"48": (9, 9), "30": (10, 10), "351": (9, 9), "353": (7, 9), "358": (6, 11), "36": (8, 9)},
    **{"40": (9, 9), "420": (9, 9), "421": (9, 9), "359": (7, 9), "385": (8, 9), "386": (8, 8)},
    **{"370": (8, 8), "371": (8, 8), "372": (7, 8), "352": (6, 9), "356": (8, 8), "357": (8, 8)},
    **{"91": (10, 10), "86": (10, 11), "81": (9, 10), "82": (8, 10), "61": (9, 9), "64": (8, 10)},
    **{"55": (10, 11), "52": (10, 10), "54": (10, 11), "56": (9, 9), "57": (10, 10), "51": (9, 9)},
    **{"27": (9, 9), "20": (9, 10), "966": (8, 9), "965": (8, 8), "974": (8, 8), "973": (8, 8)},
    **{"968": (8, 8), "962": (8, 9), "961": (7, 8), "964": (10, 10), "98": (10, 10)},
    **{"92": (10, 10), "880": (10, 10), "94": (9, 9), "66": (8, 9), "65": (8, 8), "60": (8, 10)},
    **{"62": (8, 12), "63": (10, 10), "84": (9, 10), "852": (8, 8), "886": (8, 9), "380": (9, 9)},
    **{"375": (9, 9), "994": (9, 9), "995": (9, 9), "374": (8, 8), "996": (9, 9), "998": (9, 9)},
    **{"992": (9, 9), "993": (8, 8), "381": (8, 9), "387": (8, 8), "355": (8, 9), "354": (7, 7)},
    **{"212": (9, 9), "213": (9, 9), "216": (8, 8), "234": (8, 10), "254": (9, 9)},
}

INTERNATIONAL, FORMATTED, BARE = 2, 1, 0


def grade(run: str, digits: str) -> int:
    """Say how a run reads as a telephone number; -1: not at all.

    ``INTERNATIONAL`` starts with + or 00 and a calling code whose length fits. ``FORMATTED`` is a
    national number in groups, as people write it. ``BARE`` is digits that fit a national plan.
    """
    plus = run.lstrip("(").startswith("+")
    if plus or digits.startswith("00"):
        rest = digits if plus else digits[2:]
        fits = _fits_code(rest) or _fits_code(rest.replace("0", "", 1) if "(0)" in run else "")
        return INTERNATIONAL if fits else -1
    groups = _split(run)
    if _date(groups):
        return -1
    if not _national(digits):
        return BARE if _fits_code(digits) else -1
    if len(groups) >= 3 or (len(groups) == 2 and groups[0].startswith("0")):
        return FORMATTED if all(len(group) <= 7 for group in groups) else -1
    return BARE


def _date(groups: list[str]) -> bool:
    sizes = [len(group) for group in groups[:3]]
    return (sizes == [4, 2, 2] and groups[0][:2] in ("19", "20")) or (
        sizes == [2, 2, 4] and groups[2][:2] in ("19", "20")
    )


def _split(run: str) -> list[str]:
    return run.translate(_SPACES).split()


_SPACES = str.maketrans(".-()/", "     ")


def _fits_code(digits: str) -> bool:
    for size in (1, 2, 3):
        limits = _CODES.get(digits[:size])
        if limits and limits[0] <= len(digits) - size <= limits[1]:
            return True
    return False


def _national(digits: str) -> bool:
    size = len(digits)
    two = digits[:2]
    if size == 10:  # TR 5xx, US and CA, IL and AE mobiles, KZ and RU without the trunk prefix
        return digits[0] in "23456789" or two in ("05", "04", "02", "03")
    if size == 11:  # TR 05xx, KZ and RU 8 7xx, DE and GB mobiles, US with 1
        return two in ("05", "02", "03", "04", "87", "89", "01", "07") or digits[0] == "1"
    if size == 12:
        return two == "01"  # DE mobiles with a long prefix
    return size == 9 and two in ("05", "02", "03", "04", "08", "09", "07")
