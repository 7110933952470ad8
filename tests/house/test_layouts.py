"""The layouts that are handed out agree with the programs that they start."""

from __future__ import annotations

import configparser
import re

import pytest
import yaml

from app.__main__ import LAST_WORDS_S, LINE_KEPT_S
from geodata.foreground import FOLLOWS
from geodata.settings import REPOSITORY

DEPLOY = REPOSITORY / "app" / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
SERVICES = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())["services"]


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name)
    return parser


@pytest.mark.parametrize(("name", "words"), [("onemap.service", "serve"), ("onemap-store.service", "store run"), ("onemap-watch.service", "watch /srv/onemap/inbox --every 30")])
def test_a_service_starts_what_the_launcher_knows_and_is_started_again(name: str, words: str):
    service = unit(name)["Service"]
    assert service["ExecStart"] == f"/opt/onemap/onemap {words}"
    assert re.search(rf"^  {words.split()[0]}\b", (REPOSITORY / "onemap").read_text(), re.MULTILINE)
    assert (service["Restart"], service["User"], service["NoNewPrivileges"]) == ("always", "onemap", "yes")


def test_a_page_that_is_stopped_has_time_to_finish_its_answers():
    assert int(unit("onemap.service")["Service"]["TimeoutStopSec"]) > 2 * LAST_WORDS_S


def test_nginx_lets_go_of_a_line_before_the_app_does():
    kept = re.search(r"keepalive_timeout (\d+)s", NGINX)
    assert kept and int(kept[1]) < LINE_KEPT_S


def test_nginx_waits_longer_than_a_question_and_a_turn_may_take():
    waits = re.search(r"proxy_read_timeout (\d+)s", NGINX)
    assert waits and int(waits[1]) > 10 + 5


def test_the_cache_in_a_container_is_led_to_the_app():
    changed = re.search(r"s/([^/]+)/([^/]+)/", SERVICES["cache"]["command"][-1])
    assert changed and changed[1] in NGINX and changed[2] == "app:8050"
    assert SERVICES["cache"]["profiles"] == ["cache"]


def test_a_replica_in_a_container_follows_the_store_inside_the_inner_network_alone():
    replica = SERVICES["replica"]
    assert replica["environment"][FOLLOWS] == "postgresql://onemap@store:5432/onemap"
    assert (replica["networks"], replica["profiles"]) == (["inner"], ["replica"]) and "ports" not in replica
    assert SERVICES["store"]["environment"]["ONEMAP_STORE_FOLLOWED"] == "${ONEMAP_STORE_FOLLOWED:-no}"


def test_who_brings_data_in_through_nginx_is_never_taken_for_this_machine_and_orders_once():
    place = re.search(r"location ~ \^/data.*?\{(.*?)\n    \}", NGINX, re.DOTALL)
    assert place
    for line in ("proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;", "proxy_next_upstream off;", "client_max_body_size 0;"):
        assert line in place[1]


def test_what_the_gate_keeps_outlives_its_container():
    kept = {each.partition(":")[2] for each in SERVICES["app"]["volumes"]}
    assert {"/opt/onemap/.onemap/gate", "/opt/onemap/.onemap/recipes"} <= kept & {each.partition(":")[2] for each in SERVICES["watch"]["volumes"]}
    assert SERVICES["watch"]["command"][:2] == ["watch", "/opt/onemap/.onemap/inbox"] and SERVICES["watch"]["profiles"] == ["watch"]
