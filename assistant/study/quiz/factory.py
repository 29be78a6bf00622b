"""One maker a kind of item."""

from __future__ import annotations

from assistant.study.errors import StudyError
from assistant.study.quiz.base import Maker


def make_maker(kind: str) -> Maker:
    """The maker of a kind; StudyError with the known ones for any other name."""
    from assistant.study.quiz.blank import Blank
    from assistant.study.quiz.case import Case
    from assistant.study.quiz.matching import Matching
    from assistant.study.quiz.multiple import Multiple
    from assistant.study.quiz.ordering import Ordering
    from assistant.study.quiz.short import Short
    from assistant.study.quiz.single import Single
    from assistant.study.quiz.true_false import TrueFalse

    makers: tuple[Maker, ...] = (
        Single(),
        Multiple(),
        TrueFalse(),
        Blank(),
        Matching(),
        Ordering(),
        Short(),
        Case(),
    )
    for maker in makers:
        if maker.kind == kind:
            return maker
    raise StudyError(f"没有“{kind}”这种题型；可用：{'、'.join(one.kind for one in makers)}。")
