import pytest

from gateway.cli.output import add_row, counted, new_table, plain_console


def test_what_data_says_is_printed_as_it_is_and_steers_no_terminal(capsys):
    table = new_table("[red]t[/red]", "[b]c[/b]", "#n")
    add_row(table, "[red]x[/red] :smile: \x1b[31m", None)
    plain_console(50).print(table)

    title, _, names, _, cells, _ = capsys.readouterr().out.splitlines()
    assert title.strip() == "[red]t[/red]"
    assert names.split() == ["[b]c[/b]", "n"]
    assert cells.split() == ["[red]x[/red]", ":smile:", "\ufffd[31m", "-"]


def test_a_table_that_goes_to_a_file_is_as_wide_as_it_wants(capsys):
    plain_console(200).print("word " * 39)

    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    ("number", "many", "told"),
    [(0, "", "0 lines"), (1, "", "1 line"), (1000, "", "1,000 lines"), (2, "rows", "2 rows")],
)
def test_a_number_stands_with_what_it_counts(number, many, told):
    assert counted(number, "line", many) == told
