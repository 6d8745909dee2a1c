"""What the quarterly report counts of joint operations: how many, how many people, how many vehicles."""

from datetime import date

from sanxiao.joint.tests import steps
from sanxiao.reports import figures, records
from sanxiao.reports.indicators import COLUMNS
from sanxiao.reports.quarters import Quarter

KEYS = {"joint_ops": 1, "joint_people": 3, "joint_cars": 3}


def test_operations_people_and_vehicles_are_counted_and_each_figure_has_its_list(town, june, tofu):
    operation = steps.over(town, tofu)
    with steps.at(operation.held_on):
        steps.close(operation, town.chen, came=[town.chen.pk, town.wu.pk], cars=2)
        steps.close(operation, town.qian, came=[town.qian.pk], cars=1)
    period = Quarter.of(operation.held_on).period(date(2018, 4, 1))
    counted = figures.count(operation.area, period)
    for key, total in KEYS.items():
        listed = records.lists(operation.area, period, COLUMNS[key], "q")
        assert counted.value(COLUMNS[key]) == sum(items.total for items in listed.values()) == total, key
