"""The sums of a breach answer over the rows of a lake, done in plain Python."""

from collections import defaultdict

from schemas.audit import DENIED


def event(row):
    return row["kafka_topic"], row["kafka_partition"], row["kafka_offset"]


def is_chosen(row, chosen):
    return (
        (chosen.since is None or row["time"] >= chosen.since)
        and (chosen.until is None or row["time"] < chosen.until)
        and (not chosen.tenants or row["tenant"] in chosen.tenants)
        and (not chosen.principals or row["principal_uid"] in chosen.principals)
        and (not chosen.roles or row["role"] in chosen.roles)
        and (not chosen.topics or row["kafka_topic"] in chosen.topics)
        and (not chosen.subscriptions or row["subscription"] in chosen.subscriptions)
        and (not chosen.recipients or row["recipient"] in chosen.recipients)
    )


def in_scope(held, chosen):
    found = []
    for row in held:
        masked = row["cat_masked"] if chosen.include_masked else 0
        if is_chosen(row, chosen) and row["action_id"] != DENIED and (row["cat_clear"] or masked):
            found.append({**row, "cat_masked": masked})
    return found


def union(rows, column):
    mask = 0
    for row in rows:
        mask |= row[column]
    return mask


def grouped(rows, *columns):
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups


def people(rows):
    return {row["subject_ref"] for row in rows} - {None}


def counts(rows):
    return len(people(rows)), len({event(row) for row in rows}), len(rows)


def shares(rows, key):
    """Per category bit: how many groups had it in clear, and how many only masked."""
    found: dict[int, list[int]] = {}
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    for group in groups.values():
        clear, masked = union(group, "cat_clear"), union(group, "cat_masked")
        for bit in range(40):
            if (clear | masked) >> bit & 1:
                found.setdefault(bit, [0, 0])[0 if clear >> bit & 1 else 1] += 1
    return found


def placed(rows, held):
    """Return rows with the jurisdiction that their person was said to have last, if they say none."""
    said = sorted(
        (row["time"], row["subject_jurisdiction"], row["subject_ref"])
        for row in held
        if row["subject_ref"] is not None and row["subject_jurisdiction"] != "??"
    )
    last = {ref: code for _, code, ref in said}
    return [
        {**row, "subject_jurisdiction": last.get(row["subject_ref"], "??")}
        if row["subject_jurisdiction"] == "??"
        else row
        for row in rows
    ]
