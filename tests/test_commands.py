"""What the operator reads and the exit code, of commands and starts that end by themselves."""

import asyncio
from pathlib import Path

from tests.command import command
from tests.test_process import with_evidence


def test_a_damaged_file_is_told_by_the_backup_and_a_damaged_backup_by_restore(tmp_path: Path) -> None:
    picture = asyncio.run(with_evidence(tmp_path))
    (tmp_path / picture).write_bytes(b"damaged")
    backup = command(tmp_path, "backup", "one.zip")
    assert backup.code == 0
    assert "0 个文件找不到，1 个坏了" in backup.output
    assert picture.name in backup.output
    (tmp_path / "data").rename(tmp_path / "moved")
    archive = (tmp_path / "one.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(archive[: len(archive) // 2])
    for name, told in (("cut.zip", "备份坏了或被改过"), ("nothing.zip", "这不是介入助手的备份")):
        restore = command(tmp_path, "restore", name)
        assert restore.code == 1
        assert told in restore.output
        assert len(restore.output.splitlines()) == 1
    assert not (tmp_path / "data").exists()
    restore = command(tmp_path, "restore", "one.zip")
    assert restore.code == 0
    assert "本来就少 1 个文件" in restore.output


def test_the_files_of_another_database_are_not_touched(tmp_path: Path) -> None:
    picture = asyncio.run(with_evidence(tmp_path))
    bot = command(tmp_path, "run", DATABASE_URL="sqlite:///other.db")
    assert bot.code == 1
    assert "这里是另一个数据库的文件" in bot.output
    assert (tmp_path / picture).exists()


def test_all_wrong_settings_are_told_at_once(tmp_path: Path) -> None:
    wrong = {"TELEGRAM_BOT_TOKEN": "geheim-token", "SEND_RATE": "-1", "TIMEZONE": "Mars/Olympus"}
    bot = command(tmp_path, "run", **wrong)
    assert bot.code == 2
    assert all(name in bot.output for name in wrong)
    assert "geheim-token" not in bot.output


def test_a_page_for_others_needs_a_password(tmp_path: Path) -> None:
    bot = command(tmp_path, "run", WEB_PORT="1", WEB_HOST="192.168.1.5")
    assert bot.code == 2
    assert "WEB_PASSWORD" in bot.output
