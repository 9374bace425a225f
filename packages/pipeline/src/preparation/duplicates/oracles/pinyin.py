"""Writes ../pinyin.txt: the characters of GB 2312 by their first reading, one syllable a line, without tones.

python3 -m pip install pypinyin==0.55.0 && python3 pinyin.py
"""

from collections import defaultdict
from pathlib import Path

from pypinyin import lazy_pinyin

syllables = defaultdict(list)
for high in range(0xB0, 0xF8):
    for low in range(0xA1, 0xFF):
        try:
            character = bytes([high, low]).decode("gb2312")
        except UnicodeDecodeError:
            continue
        (reading,) = lazy_pinyin(character, v_to_u=False)
        if reading.isascii() and reading.isalpha():
            syllables[reading].append(character)

lines = [f"{reading} {''.join(characters)}" for reading, characters in sorted(syllables.items())]
Path(__file__).parent.parent.joinpath("pinyin.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
