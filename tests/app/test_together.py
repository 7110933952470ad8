"""Questions asked once for many."""

from __future__ import annotations

import asyncio
import time

import pytest

from app.together import Together


def test_those_who_come_together_are_answered_together():
    asked = []

    def question() -> int:
        asked.append(1)
        time.sleep(0.05)
        return len(asked)

    async def many() -> list[int]:
        together = Together(question)
        first = await asyncio.gather(*(together() for _ in range(20)))
        return [*first, await together()]

    assert asyncio.run(many()) == [1] * 20 + [2], "who comes later gets a new answer"


def test_a_refusal_is_everybodys_and_nobody_elses():
    refusals = [ValueError("no")]

    def question() -> str:
        time.sleep(0.02)
        if refusals:
            raise refusals.pop()
        return "yes"

    async def many() -> list[object]:
        together = Together(question)
        refused = await asyncio.gather(*(together() for _ in range(3)), return_exceptions=True)
        return [*map(str, refused), await together()]

    assert asyncio.run(many()) == ["no", "no", "no", "yes"]


def test_one_who_hangs_up_takes_the_answer_from_nobody():
    async def two() -> int:
        together = Together(lambda: time.sleep(0.1) or 7)
        gone = asyncio.ensure_future(together())
        stays = asyncio.ensure_future(together())
        await asyncio.sleep(0.02)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await stays

    assert asyncio.run(two()) == 7
