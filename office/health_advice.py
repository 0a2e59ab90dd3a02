"""What to do about a reading that wants a look: by its name, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from office.health import Reading

ADVICE: Mapping[str, tuple[str, str]] = {
    "store": ("停下程序，备份后再启动一次：启动时自动升级结构；仍不对则恢复最近的备份",
              "stop the program, keep a copy, start it again: it brings the store to its newest form; else restore the last backup"),
    "chain": ("不要再写入：在“历史核验”页重读全部历史，对照库外记下的末位；查明前保留现状",
              "write nothing more: read all of the history on the page Verification, against the heads noted outside, and leave all as it is"),
    "backup": ("在“备份”页立即备份，把文件拷到别的机器；之后每周至少一次（定时运行 python -m office backups make）",
               "make one on the page Backup and copy it to another machine; then every week at least (python -m office backups make by a timer)"),
    "clock": ("校准服务器与数据库的时钟（NTP）：期限与历史按它计算",
              "set the clocks of the server and the database (NTP): deadlines and history go by them"),
    "memory": ("等任务结束，或减少同时运行的任务（YICHA_WORKERS），或加内存",
               "wait until jobs are done, let fewer run at once (YICHA_WORKERS), or add memory"),
    "disk": ("腾出空间：data/cache/ 可以整个删除；旧备份拷走后删除；或加磁盘",
             "make room: data/cache/ may be deleted as a whole; move old backups away; or add a disk"),
    "jobs": ("看下面的任务日志：意外中断的由提出人重新发起；再次发生时减少 YICHA_WORKERS 或增大 YICHA_WORKER_MB",
             "see the log below: whoever asked begins what died again; if it recurs, lower YICHA_WORKERS or raise YICHA_WORKER_MB"),
    "assets": ("在服务器上运行 python -m ui.assets，然后刷新页面",
               "run python -m ui.assets on the server, then reload the page"),
    "fonts": ("在服务器上运行 python -m ui.assets：证据图的中文需要这些字体",
              "run python -m ui.assets on the server: the sheets of evidence need these fonts"),
}  # fmt: skip


def advice(reading: Reading, lang: str) -> str:
    """What to do about it; empty where all is well."""
    if reading.state == "good" or reading.name not in ADVICE:
        return ""
    return ADVICE[reading.name][lang == "en"]
