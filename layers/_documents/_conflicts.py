"""Where the documents contradict themselves or each other: kept as data, shown beside the targets, decided by nobody here."""

from layers._target import Conflict
from layers._text import Text

CONFLICTS: tuple[Conflict, ...] = (
    Conflict(targets=("NB-16", "NB-17"), about="deadline", says=Text(
        "第15条：中心、所至2020年，站至2022年；任务表4-1：中心、所、站均至2022年",
        "clause 15: centres and stations by 2020, posts by 2022; task table 4-1: all of them by 2022")),
    Conflict(targets=("NB-04", "NB-04"), about="presence", says=Text(
        "“一村一辅警”全覆盖在正文第10条，任务表缺", "“one officer a village” stands in clause 10 and is missing in the task table")),
    Conflict(targets=("NB-22", "NB-22"), about="presence", says=Text(
        "满意度98%只在任务表，正文缺", "the 98 % satisfied stand in the task table only")),
    Conflict(targets=("NB-11", "NB-11"), about="deadline", says=Text(
        "期限2020年只在任务表1-4，第4条无期限", "the deadline of 2020 stands in task table 1-4 only; clause 4 names none")),
    Conflict(targets=("NB-14", "NB-14"), about="filter", says=Text("第9条写“80%村”，任务表写“80%行政村”", "clause 9 says villages, the task table administrative villages")),
    Conflict(targets=("NB-06", "NB-06"), about="filter", says=Text(
        "第18条写“500人以上行政村”，任务表写“500人以上村”", "clause 18 says administrative villages of 500, the task table villages of 500")),
    Conflict(targets=("NB-14", "LC-09"), about="threshold", says=Text(
        "宁波80%的村有法治文化阵地，聊城每个村（社区）都要有", "Ningbo asks for a site of legal culture in 80 % of the villages, Liaocheng in every one")),
    Conflict(targets=("NB-15", "LC-09"), about="deadline", says=Text(
        "宁波“至2022年”，聊城“2022年前”：相差一年", "Ningbo says by 2022, Liaocheng before 2022: a year between them")),
    Conflict(targets=("NB-15", "ZL-05"), about="threshold", says=Text(
        "法律明白人：宁波每村1名以上，庄浪每村3名以上", "persons versed in law: one a village in Ningbo, three in Zhuanglang")),
    Conflict(targets=("ZL-05", "CZ-03"), about="threshold", says=Text(
        "法律明白人：庄浪每村3名以上，长子某乡5—8名（单位未写明）", "persons versed in law: three or more in Zhuanglang, five to eight in the Changzi township")),
    Conflict(targets=("NB-18", "LC-13"), about="threshold", says=Text(
        "县级以上文明村镇：宁波85%（2022年），聊城80%（2020年）", "titled villages and towns: 85 % by 2022 in Ningbo, 80 % by 2020 in Liaocheng")),
    Conflict(targets=("NB-17", "LC-12"), about="threshold", says=Text(
        "实践站：宁波全覆盖，聊城中心、所、站合计90%", "practice posts: all of them in Ningbo, 90 % of three levels together in Liaocheng")),
    Conflict(targets=("NC-01", "NC-02"), about="threshold", says=Text(
        "每个示范区力争3个试点村，而十二个单位中有六个名额只有2个", "three pilot villages for each zone, while six of the twelve units have a quota of two")),
)
