"""Every sentence of the command line, in English and Chinese. No sentence names a secret."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """One thing said in both languages."""

    en: str
    zh: str


REFUSALS = {
    # asked of the door
    "offline": Sentence(
        "The server did not answer; nothing is known to have been received. Try again.",
        "服务器没有应答,不能确认已收到;请稍后再试。",
    ),
    "busy": Sentence("The server is busy; try again in a moment.", "服务器繁忙,请稍后再试。"),
    "fault": Sentence("Something failed inside; nothing was changed.", "内部出错,未作任何更改。"),
    "malformed": Sentence("The server could not read what was sent.", "服务器无法读取所发内容。"),
    "too_large": Sentence("This is too large to send.", "内容太大,无法发送。"),
    "too_long": Sentence("The text is too long for its place; shorten it.", "文字过长,请缩短。"),
    "origin": Sentence(
        "The server refuses this address as its own; check --server.", "服务器不认这个地址,请核对 --server。"
    ),
    "not_signed_in": Sentence("The session has ended; sign in again.", "登录已失效,请重新登录。"),
    "wrong_role": Sentence("This key has no role for that.", "该密钥没有相应的岗位权限。"),
    "unknown_ticket": Sentence("No case is known under this ticket.", "查无此查询码。"),
    "not_found": Sentence("There is no such thing here.", "没有找到。"),
    "work": Sentence("The server did not accept the proof of work.", "服务器没有接受计算证明。"),
    "conflict": Sentence("Somebody else was quicker each time; try again.", "有人同时在办理,请再试一次。"),
    "stale_directory": Sentence("The directory changed meanwhile; try again.", "名录刚刚更新,请再试一次。"),
    "expired_directory": Sentence(
        "The directory has expired; the zone must sign a new one first.", "名录已过期,须先由管理区重新签发。"
    ),
    "refused": Sentence("The case does not allow this now ({reason}).", "案件当前不能这样办理({reason})。"),
    # our own checks
    "server_lies": Sentence(
        "What the server sent does not verify; nothing was trusted.", "服务器发来的内容未通过核验,未予采信。"
    ),
    "pin": Sentence(
        "This server does not belong to the zone of that fingerprint.", "该服务器不属于此指纹所指的管理区。"
    ),
    "withheld": Sentence(
        "A post of this case is withheld, so nothing can be signed after it.",
        "本案有内容被扣留,不能在其后签署。",
    ),
    "no_reader": Sentence("Nobody is left in the directory to seal this to.", "名录中已没有可接收的人员,无法封存。"),
    "ticket_digits": Sentence("A ticket is 25 digits.", "查询码应为 25 位数字。"),
    "ticket_check": Sentence("A digit of the ticket is wrong; look again.", "查询码有一位数字不对,请核对。"),
    "fingerprint": Sentence("The fingerprint of {label} does not match.", "“{label}”的指纹不一致。"),
    "key_file": Sentence("This file is not a key file.", "这不是密钥文件。"),
    "passphrase": Sentence("The passphrase does not open this key.", "口令不正确,无法打开密钥。"),
    "not_nfc": Sentence("The text is not in Unicode form NFC.", "文字不是 Unicode NFC 形式。"),
    # the ceremony
    "passphrase_needed": Sentence(
        "A passphrase is needed: type it, or set WHISTLE_PASSPHRASE.",
        "需要口令:请输入,或设置 WHISTLE_PASSPHRASE。",
    ),
    "passphrase_wrong": Sentence("The passphrase does not open the root key.", "口令不正确,无法打开根密钥。"),
    "another_zone": Sentence("This root key belongs to another zone.", "该根密钥属于另一个管理区。"),
    "zone_exists": Sentence("This folder already holds a zone.", "该文件夹中已有管理区。"),
    "channel_known": Sentence("There is a channel with this id already.", "该通道编号已存在。"),
    "channel_unknown": Sentence("There is no channel {channel}.", "没有通道 {channel}。"),
    "person_unknown": Sentence("There is no such person in the roster.", "名册中没有此人。"),
    "role_unknown": Sentence(
        "Roles are intake, verifier, leader, payout, finance and auditor.",
        "岗位只有 intake、verifier、leader、payout、finance、auditor。",
    ),
    "reader_known": Sentence("This key is in the channel already.", "该密钥已在通道中。"),
    "reader_unknown": Sentence("This key is not in the channel.", "通道中没有该密钥。"),
    "pack_known": Sentence("This rule pack is listed already.", "该规则包已列入。"),
    "pack_unknown": Sentence("There is no such rule pack.", "没有该规则包。"),
    "door_known": Sentence("This door is listed already.", "该服务入口已列入。"),
    "door_unknown": Sentence("There is no such door.", "没有该服务入口。"),
    "use_unknown": Sentence("A door's key is for receipt or witness.", "用途只能是 receipt 或 witness。"),
    "roles_apart": Sentence(
        "{label} would be {one} and {other} in one person; these must be two people.",
        "“{label}”将由同一人兼任 {one} 与 {other},两者必须由不同的人担任。",
    ),
    "days": Sentence("A directory lasts 1 to 400 days.", "名录有效期为 1 至 400 天。"),
    "clock": Sentence(
        "This machine's day is before the last directory's ({issued}); set its clock.",
        "本机日期早于上一份名录({issued}),请校正时钟。",
    ),
    "draft_broken": Sentence(
        "zone.json holds something a directory cannot ({why}); nothing was signed.",
        "zone.json 中有名录不允许的内容({why}),未签发。",
    ),
    "file_missing": Sentence("The file {name} cannot be read.", "无法读取文件 {name}。"),
    "file_broken": Sentence("The file {name} is damaged.", "文件 {name} 已损坏。"),
    "file_not_text": Sentence("The file {name} is not UTF-8 text.", "文件 {name} 不是 UTF-8 文本。"),
    "file_exists": Sentence("The file {name} exists; name another.", "文件 {name} 已存在,请另取名称。"),
    "disk": Sentence("A file could not be read or written.", "文件读写失败。"),
    "nobody_there": Sentence(
        "Somebody must answer here; scripts give the answer by option.", "此处需要人工回答;脚本请用选项给出。"
    ),
    "plain_root": Sentence(
        "Only a demo's root key may lie unsealed; add --demo or leave --plain out.",
        "只有演示区的根密钥可以不加密;请加 --demo 或去掉 --plain。",
    ),
    "nothing_named": Sentence("Name a reader, a pack or a door.", "请指明人员、规则包或服务入口。"),
    "empty_objection": Sentence("There is no objection: the text is empty.", "异议内容为空。"),
    "empty_text": Sentence("There is nothing to report: the text is empty.", "举报内容为空。"),
    "not_json": Sentence("The facts are not JSON.", "事实不是 JSON。"),
    "step_unknown": Sentence("This rule pack has no such step.", "该规则包没有这个环节。"),
    "month_open": Sentence(
        "This month is not over: two copies of it would tell single cases apart.",
        "本月尚未结束,不能生成公开稿:前后两稿相比会暴露个案。",
    ),
    "bad_month": Sentence("A month is written YYYY-MM.", "月份应写作 YYYY-MM。"),
    "bad_date": Sentence("A day is written YYYY-MM-DD.", "日期应写作 YYYY-MM-DD。"),
    "not_ready": Sentence("This data is not ready: {why}", "数据尚未就绪:{why}"),
    "not_migrated": Sentence(
        "The database is not up to date; run `whistle migrate` first.",
        "数据库版本不符,请先运行 whistle migrate。",
    ),
    "storage": Sentence("The database could not be read or written.", "数据库读写失败。"),
    "mismatch": Sentence(
        "This is not a whole backup of Whistle, or it would overwrite data.",
        "这不是完整的备份,或会覆盖现有数据。",
    ),
    "refused_month_locked": Sentence(
        "That month is locked; nothing can be entered in it.", "该月账目已锁,不能再记。"
    ),
    "refused_month_not_over": Sentence("Only a month that is over can be locked.", "这个月还没有结束,不能锁账。"),
    "refused_locked_already": Sentence("That month is locked already.", "这个月已经锁账。"),
    "refused_not_a_budget": Sentence(
        "Only a budget row is taken back here; awards are corrected in their case.",
        "这里只能冲销预算分录;奖励的更正在案件里办。",
    ),
    "refused_corrects_nothing": Sentence("There is no such row left to take back.", "没有可冲销的这一行。"),
    "refused_not_large": Sentence(
        "No concurrence of the finance department is asked for this award.", "这笔奖励不需要财政部门会签,或已经会签。"
    ),
    "refused_not_approved": Sentence("This approval no longer stands.", "这项批准已不作数。"),
    "refused_no_funds": Sentence("Awards rest on this money already.", "这笔预算已有奖励占用,余额不足。"),
    "refused_bad_entry": Sentence(
        "The ledger does not take what was typed.", "填写的内容不能记账。"
    ),
    "ledger_broken": Sentence(
        "The ledger does not hold: row {no} could not have been admitted ({why}).",
        "台账不成立:第 {no} 行按规则不能记入({why})。",
    ),
    "ledger_edited": Sentence("The ledger does not hold: row {no} was edited.", "台账不成立:第 {no} 行被改动过。"),
    "ledger_bad_row": Sentence("The ledger does not hold: row {no} is no row.", "台账不成立:第 {no} 行不是台账的行。"),
    "ledger_dropped": Sentence("The ledger does not hold: row {no} is missing.", "台账不成立:缺第 {no} 行。"),
    "ledger_reordered": Sentence(
        "The ledger does not hold: another row stands in the place of row {no}.",
        "台账不成立:第 {no} 行的位置上是别的行。",
    ),
    "ledger_truncated": Sentence(
        "The ledger does not hold: from row {no} on, rows that were anchored are missing.",
        "台账不成立:从第 {no} 行起,锚点记过的行不见了。",
    ),
    "ledger_anchor": Sentence(
        "The ledger does not hold: at row {no} it is not the one that was anchored; the chain was made anew.",
        "台账不成立:到第 {no} 行与锚点不符,整条链被重做过。",
    ),
    "anchor_form": Sentence("This file is not an anchor of a ledger.", "这个文件不是台账锚点。"),
    "anchor_zone": Sentence("This anchor belongs to another zone.", "这是别的管理区的锚点。"),
    "key_or_file": Sentence(
        "With --key the data folder is read: leave --file out.", "用 --key 须读数据目录:请不要指定 --file。"
    ),
    "sums_differ": Sentence(
        "{count} awards do not recompute from their sealed facts.", "有 {count} 笔奖励与封存的事实核算不符。"
    ),
    "too_many_cases": Sentence(
        "A register holds up to {most} cases; this key sees more.", "一份台账最多 {most} 件,该密钥可见的更多。"
    ),
    "whole_ledger": Sentence(
        "The chain only verifies whole: leave --year out for jsonl.", "链只能整体核验:导出 jsonl 时请不要指定 --year。"
    ),
    "calendar_loaded": Sentence("The calendar of {year} is loaded.", "{year} 年的放假安排已载入。"),
    "calendar_missing": Sentence(
        "The calendar of {year} is missing: deadlines there are provisional.",
        "缺 {year} 年的放假安排,那一年的期限都是暂定。",
    ),
    "table_json": Sentence("This file is not JSON.", "这个文件不是 JSON。"),
    "table_keys": Sentence(
        "A year's table has v, year, notice, published, rest, work, in this order.",
        "年度表依次写 v、year、notice、published、rest、work。",
    ),
    "table_days": Sentence(
        "The days are listed once each, in order, all of the table's year.",
        "日期要按先后排列、不重复,都在这一年里。",
    ),
    "table_overlap": Sentence("A day is both rest and work.", "有一天既写成休息又写成上班。"),
    "table_work_on_weekday": Sentence("A day of work is not on a weekend.", "补班的日子不在周末。"),
    "table_incomplete": Sentence("1 January is missing from the days of rest.", "休息日里缺 1 月 1 日。"),
    "not_healthy": Sentence("The check found something red.", "检查发现严重问题。"),
    "login_known": Sentence("This login name is taken.", "该登录名已被使用。"),
    "staff_unknown": Sentence("There is no such reviewer.", "没有该人员。"),
    "internal": Sentence("An error inside Whistle ({what} at {where}).", "程序内部错误({what},{where})。"),
    "stopped": Sentence("Stopped.", "已停止。"),
}

USAGE = {
    "usage": Sentence("Wrong usage; see `{command} --help`.", "用法不对,请看 `{command} --help`。"),
    "usage_option": Sentence(
        "There is no such option; see `{command} --help`.", "没有这个选项,请看 `{command} --help`。"
    ),
    "usage_missing": Sentence("{name} is missing; see `{command} --help`.", "缺少 {name},请看 `{command} --help`。"),
    "usage_value": Sentence(
        "The value of {name} cannot be used; see `{command} --help`.",
        "{name} 的值不可用,请看 `{command} --help`。",
    ),
}

TOLD = {
    "ask_passphrase": Sentence("Passphrase:", "口令:"),
    "ask_ticket": Sentence("Ticket:", "查询码:"),
    "ask_fingerprint": Sentence(
        "New key of {label} ({roles}). Fingerprint as its owner reads it to you:",
        "新密钥:{label}({roles})。请键入本人当面念出的指纹:",
    ),
    "trusted_first_use": Sentence(
        "No --pin was given: the zone that answered was believed ({fingerprint}).",
        "未给出 --pin:已直接信任应答的管理区({fingerprint})。",
    ),
    "expired_still_files": Sentence(
        "The zone's directory has expired; the report is sealed to the readers it last named.",
        "名录已过期;举报已封存给其中最后列出的人员。",
    ),
    "filed": Sentence("Filed. Case {case}", "已提交。案件 {case}"),
    "objected": Sentence("Your objection is on disk; another person looks again.", "异议已送达,由另一人复查。"),
    "maybe_filed": Sentence(
        "Should it have arrived all the same, this ticket opens it: {ticket}",
        "如果其实已经送达,可用此查询码查看:{ticket}",
    ),
    "ticket_once": Sentence(
        "Your ticket, shown this once; it is the only way back and to the reward:",
        "您的查询码,仅显示这一次;查询和领奖全凭它:",
    ),
    "state": Sentence("State: {state}", "状态:{state}"),
    "due": Sentence("Next deadline: {due}", "下一期限:{due}"),
    "due_provisional": Sentence("Next deadline: {due} (provisional)", "下一期限:{due}(暂定)"),
    "award": Sentence("Award: {award} yuan, claim by {claim_by}", "奖励:{award} 元,领取期限 {claim_by}"),
    "few_readers": Sentence(
        "Warning: channel {channel} has fewer than two people for {role}.",
        "注意:通道 {channel} 的 {role} 不足两人。",
    ),
    "intake_to_payout": Sentence(
        "Warning: {label} was intake before; what was opened then stays readable beside the payee.",
        "注意:“{label}”曾任受理,当时打开的内容仍可与领奖信息对照。",
    ),
    "zone_made": Sentence(
        "Zone {name} made. Fingerprint (the pin): {fingerprint}", "管理区“{name}”已建立。指纹:{fingerprint}"
    ),
    "root_passphrase": Sentence(
        "Passphrase of the root key, shown this once; write it on paper:",
        "根密钥口令,仅显示这一次,请抄写在纸上:",
    ),
    "signed": Sentence("Directory {no} signed: {hash}", "第 {no} 号名录已签发:{hash}"),
    "unsigned": Sentence("The working file differs from the last directory.", "工作文件与最新名录不一致。"),
    "published": Sentence("{count} directories are in the server's data.", "服务器数据中已有 {count} 份名录。"),
    "written": Sentence("Written: {name}", "已写入:{name}"),
    "invited": Sentence(
        "Invitation, shown this once; it is used in the browser at:", "邀请码,仅显示这一次;请在浏览器中使用:"
    ),
    "done": Sentence("Done.", "已完成。"),
    "anchored": Sentence(
        "{name}: {count} rows, head {head}. Keep it away from this server.",
        "{name}:{count} 行,末行摘要 {head}。请存放到服务器以外。",
    ),
    "entered": Sentence("Entered in the ledger.", "已记入台账。"),
    "ledger_holds": Sentence("The ledger holds: {count} rows, head {head}", "台账完整:{count} 行,末行摘要 {head}"),
    "sums_hold": Sentence("{count} awards recompute from their sealed facts.", "{count} 笔奖励与封存的事实核算一致。"),
    "provisional": Sentence("{due} (provisional: that year's calendar is not loaded)", "{due}(暂定:该年日历未载入)"),
    "trial_only": Sentence("For calculation only.", "仅供试算。"),
}

WORDS = REFUSALS | USAGE | TOLD
