"""Numbers with check digits: the right ones for people, and ones of the same shape that fail."""

# ruff: noqa: PLR2004  # the rules of the registers are made of such numbers

from gateway.corpus.dice import Dice

IIN_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def luhn_digit(body: str) -> str:
    """Return the digit that makes ``body`` pass Luhn."""
    total = 0
    for place, char in enumerate(reversed(body)):
        digit = int(char) * (2 - place % 2)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def tr_national_id(dice: Dice) -> str:
    """Return a Turkish identity number."""
    body = str(dice.between(1, 9)) + dice.digits(8)
    n = [int(char) for char in body]
    odd, even = sum(n[0::2]), sum(n[1::2])
    tenth = (7 * odd - even) % 10
    return f"{body}{tenth}{(odd + even + tenth) % 10}"


def tr_vkn(dice: Dice) -> str:
    """Return a Turkish tax number."""
    body = str(dice.between(1, 9)) + dice.digits(8)
    return body + vkn_digit(body)


def vkn_digit(body: str) -> str:
    """Return the check digit of the nine first digits of a Turkish tax number."""
    total = 0
    for place, char in enumerate(body):
        shifted = (int(char) + 9 - place) % 10
        if shifted:
            total += (shifted * 2 ** (9 - place)) % 9 or 9
    return str(-total % 10)


def kz_iin(dice: Dice, birth: str, *, female: bool) -> str:
    """Return a Kazakh individual number for a birth date (``1987-04-12``)."""
    century = (5 if birth >= "2000" else 3) + female
    while True:
        body = f"{birth[2:4]}{birth[5:7]}{birth[8:10]}{century}{dice.digits(4)}"
        check = iin_digit(body)
        if check < 10:  # otherwise the register skips the serial number
            return f"{body}{check}"


def iin_digit(body: str) -> int:
    """Return the check digit of the eleven first digits of an IIN; 10 says that there is none."""
    n = [int(char) for char in body]
    check = sum((place + 1) * digit for place, digit in enumerate(n)) % 11
    if check == 10:
        check = sum(w * d for w, d in zip(IIN_WEIGHTS, n, strict=True)) % 11
    return check


def il_id(dice: Dice) -> str:
    """Return an Israeli identity number."""
    body = str(dice.between(1, 3)) + dice.digits(7)
    return body + luhn_digit(body)


def ae_emirates_id(dice: Dice, birth: str) -> str:
    """Return an Emirates ID for a birth date, in the groups that the card shows."""
    serial = dice.digits(7)
    return f"784-{birth[:4]}-{serial}-{luhn_digit(f'784{birth[:4]}{serial}')}"


def us_ssn(dice: Dice) -> str:
    """Return a number in the shape of a US Social Security number that may be issued."""
    area = dice.between(1, 898)
    area += area >= 666  # never 666, and at most 899
    return f"{area:03d}-{dice.between(1, 99):02d}-{dice.between(1, 9999):04d}"


# How many digits stand behind the check digits and the bank's letters, by country.
_ACCOUNTS = {"TR": 22, "DE": 18, "KZ": 16, "IL": 19, "AE": 19, "GB": 14}


def iban(dice: Dice, country: str) -> str:
    """Return an IBAN of one of the six countries whose accounts the corpus knows."""
    bank = "SLCG" if country == "GB" else ""
    account = (dice.digits(12) + dice.digits(12))[: _ACCOUNTS[country]]
    if country == "TR":
        account = f"{account[:5]}0{account[6:]}"  # the reserved digit
    return f"{country}{_mod97(country, bank + account)}{bank}{account}"


def _mod97(country: str, account: str) -> str:
    text = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    return f"{98 - int(text) % 97:02d}"


_CARD_HEADS = (("4", 16), ("4", 16), ("5234", 16), ("2345", 16), ("9792", 16), ("37", 15))


def payment_card(dice: Dice) -> str:
    """Return a card number of a Visa, Mastercard, Troy or American Express shape."""
    head, size = dice.pick(_CARD_HEADS)
    body = head + dice.digits(size - len(head) - 1)
    return body + luhn_digit(body)


def grouped(number: str, mark: str = " ") -> str:
    """Return a number in groups of four, as cards and bank statements print it."""
    return mark.join(number[place : place + 4] for place in range(0, len(number), 4))


def _off(digit: int, dice: Dice) -> str:
    return str((digit + dice.between(1, 9)) % 10)


def failing_9(dice: Dice) -> str:
    """Return nine digits that are no Israeli identity number."""
    body = str(dice.between(1, 4)) + dice.digits(7)
    return body + _off(int(luhn_digit(body)), dice)


def failing_10(dice: Dice) -> str:
    """Return ten digits that are no Turkish tax number; telephone numbers begin otherwise."""
    body = "1" + dice.digits(8)
    return body + _off(int(vkn_digit(body)), dice)


def failing_11(dice: Dice) -> str:
    """Return eleven digits that are no Turkish identity number; telephone numbers begin otherwise."""
    body = dice.pick(("3", "4", "6")) + dice.digits(9)
    n = [int(char) for char in body]
    return body + _off(sum(n) % 10, dice)


def failing_12(dice: Dice) -> str:
    """Return twelve digits that are no Kazakh individual number; telephone numbers begin otherwise."""
    body = dice.pick(("2", "5", "8")) + dice.digits(10)
    return body + _off(iin_digit(body) % 10, dice)


def failing_16(dice: Dice) -> str:
    """Return sixteen digits that are no payment card."""
    body = dice.pick(("4", "52", "94"))
    body += dice.digits(15 - len(body))
    return body + _off(int(luhn_digit(body)), dice)
