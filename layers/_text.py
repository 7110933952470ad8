"""Words in the two languages of the map."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One saying in Chinese and English.

    Parameters
    ----------
    zh, en : str
        The same words in simplified Chinese and in English.
    """

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        """The words in ``lang`` ('zh' or 'en'); Chinese for any other language."""
        return self.en if lang == "en" else self.zh
