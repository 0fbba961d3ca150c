"""What keeps the storage from working, in a sentence for whoever runs the bot."""

from storage import errors


def storage_sentence(error: errors.StorageError | errors.OldSqliteError) -> str:
    """What is wrong, where, and what can be done about it."""
    match error:
        case errors.OldSqliteError():
            return f"SQLite 版本太旧：{error.found}，至少要 {error.needed}。换新一点的 Python。"
        case errors.AlreadyRunningError():
            who = f"（进程 {error.pid}）" if error.pid else ""
            return f"已经有一个在用这个数据库了{who}：{error.path}。先停掉那个，或用 DATABASE_URL 换一个文件。"
        case errors.NewerSchemaError():
            return (
                f"数据库比程序新：{error.path}（它是第 {error.found} 版，程序只认到第 {error.known} 版）。请升级程序。"
            )
        case errors.NoArchiveError():
            return f"这不是介入助手的备份，或者没有这个文件：{error.path}。换成 backup 写出来的文件。"
        case errors.DamagedArchiveError():
            return f"备份坏了或被改过，什么都没动：{error.path}（{error.reason}）。换另一份备份。"
        case errors.NewerArchiveError():
            return f"备份比程序新，什么都没动：{error.path}。请升级程序再放回来。"
        case errors.PlaceTakenError():
            return f"这里已经有东西，没有覆盖：{error.path}。先停掉机器人，把它挪到别处，再来一次。"
        case errors.ForeignFolderError():
            return f"这里是另一个数据库的文件：{error.path}。用 EVIDENCE_DIR 换一个文件夹，或把 DATABASE_URL 改回去。"
        case errors.LockedDatabaseError():
            return (
                f"数据库被别的程序占着：{error.path}。关掉那个程序（比如看数据库的工具）。"
                "正在运行的会自己接上，没启动成的再启动一次。"
            )
        case errors.CorruptDatabaseError():
            return f"数据库文件坏了：{error.path}。请用备份换回来，原文件先留着。"
        case errors.BackupTargetExistsError():
            return f"文件已经在了，没有覆盖：{error.path}。换个文件名，例如：backup-1122.zip"
        case errors.MigrationError():
            return f"升级数据库没成功，什么都没改：{error.name}（{error.why}）。"
        case errors.UnwritableError():
            return f"写不进去：{error.path}（{error.reason}）。看看文件夹能不能写、磁盘满没满。"
        case _:
            return f"数据库用不了：{error.path}（{error.reason}）。"
