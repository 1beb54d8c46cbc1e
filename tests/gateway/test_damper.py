from gateway.damper import Damper


def said(complaints):
    """Return when a damper lets complaints through, and how many times each stands for."""
    now = [0.0]
    damper = Damper(lambda: now[0])
    found = []
    for now[0], complaint in complaints:
        if times := damper.due(complaint):
            found.append((now[0], complaint, times))
    return found


def test_the_same_complaint_is_repeated_ever_more_seldom_and_counted():
    every_second = [(float(second), "x") for second in range(200)]
    assert said(every_second) == [
        (0, "x", 1),
        (10, "x", 10),
        (30, "x", 20),
        (70, "x", 40),
        (150, "x", 80),
    ]


def test_another_complaint_is_said_at_once():
    assert said([(0, "x"), (1, "y"), (2, "x")]) == [(0, "x", 1), (1, "y", 1)]


def test_what_had_stopped_is_said_at_once():
    assert said([(0, "x"), (5, "x"), (12, "x"), (50, "x"), (61, "x")]) == [
        (0, "x", 1),
        (12, "x", 2),
        (50, "x", 1),
        (61, "x", 1),
    ]
