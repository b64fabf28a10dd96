"""Passwords, keys and tokens: they come from the environment, and are kept out of files, messages and kernels."""

import re
from collections.abc import Mapping

NAME = re.compile(r"PASS|SECRET|TOKEN|CREDENTIAL|API_?KEY|PRIVATE|SIGNING|POSTGRES", re.IGNORECASE)  # of a variable
PASSWORD = re.compile(r"(://[^\s:/@?#]*:)[^\s?#]+(?=@)|(password=)[^\s&]+", re.IGNORECASE)  # in an address


def has_password(address: str) -> bool:
    """Return whether the address of a database holds a password."""
    return PASSWORD.search(address) is not None


def masked(words: str) -> str:
    """Return words with … in place of every password of an address."""
    return PASSWORD.sub(lambda match: f"{match[1] or match[2]}…", words)


def variables(environment: Mapping[str, str]) -> list[str]:
    """Return the names of the variables that hold a secret, by their name or their value; kernels are started without them."""
    return [name for name, value in environment.items() if NAME.search(name) or has_password(value)]
