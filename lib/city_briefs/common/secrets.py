"""Passwords, keys and tokens: they come from the environment, and nothing that is written, shown or run ever has one."""

import re
from collections.abc import Mapping

NAME = re.compile(r"PASS|SECRET|TOKEN|CREDENTIAL|API_?KEY|PRIVATE|SIGNING|POSTGRES", re.IGNORECASE)  # of a variable
PASSWORD = re.compile(r"(://[^\s:/@?#]*:)[^\s?#]+(?=@)|(password=)[^\s&]+", re.IGNORECASE)  # in an address


def has_password(address: str) -> bool:
    """Whether the address of a database holds the password itself."""
    return PASSWORD.search(address) is not None


def masked(words: str) -> str:
    """Words with … for every password of an address in them."""
    return PASSWORD.sub(lambda match: f"{match[1] or match[2]}…", words)


def variables(environment: Mapping[str, str]) -> list[str]:
    """The variables of an environment that hold such a thing, by their name or in their value; no kernel needs to know them."""
    return [name for name, value in environment.items() if NAME.search(name) or has_password(value)]
