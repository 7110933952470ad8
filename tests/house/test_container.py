"""The container files say what the brief of an installation asks; building them is proved elsewhere, by hand."""

from __future__ import annotations

import re

import yaml

from geodata.settings import PASSWORD, REPOSITORY

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())


def test_the_image_does_not_run_as_root():
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users == ["onemap"]
    assert DOCKERFILE.index("USER onemap") < DOCKERFILE.index("ENTRYPOINT")


def test_nothing_is_fetched_when_it_runs():
    """Whatever comes over the network comes by the launcher's preparation, in a build step."""
    assert "RUN ./onemap prepare" in DOCKERFILE
    assert not re.search(r"https?://(?!127\.0\.0\.1)|\bcurl\b|\bwget\b", DOCKERFILE)


def test_the_image_holds_every_room_and_nothing_else():
    allowed = re.findall(r"^!(\S+)$", (REPOSITORY / ".dockerignore").read_text(), re.MULTILINE)
    assert {"app", "etl", "geodata", "layers", "onemap", "requirements.lock"} <= set(allowed)
    assert not {"tests", "benchmarks", ".git", ".onemap"} & set(allowed)
    assert all((REPOSITORY / name).exists() for name in allowed)


def test_both_services_are_checked_and_unprivileged():
    assert "HEALTHCHECK" in DOCKERFILE and "/health" in DOCKERFILE
    assert COMPOSE["services"]["store"]["healthcheck"]["test"][-2:] == ["store", "status"]
    assert COMPOSE["services"]["app"]["depends_on"]["store"]["condition"] == "service_healthy"
    for service in COMPOSE["services"].values():
        assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]


def test_the_store_is_on_the_inner_network_alone_and_has_a_password():
    store = COMPOSE["services"]["store"]
    assert store["networks"] == ["inner"] and COMPOSE["networks"]["inner"]["internal"] is True
    assert "ports" not in store
    assert f"{PASSWORD}_FILE" in store["environment"] and f"{PASSWORD}_FILE" in COMPOSE["services"]["app"]["environment"]


def test_no_secret_is_written_down():
    assert not re.search(r"postgresql://[^@\s]*:[^@\s]*@", (REPOSITORY / "compose.yaml").read_text())
