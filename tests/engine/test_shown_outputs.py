"""What a message shows becomes the output that nbclient makes of it, whichever way it is made; and no date of a message is parsed."""

import json

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_notebook
from nbformat.validator import NotebookValidationError

from city_briefs.common.theme import MIME
from city_briefs.production.engine.limits import LimitedClient
from city_briefs.production.engine.manager import Manager, UndatedManager


class Managed:
    """What papermill gives its client."""

    nb = new_notebook()


def clients():
    """A client of ours and one of nbclient, as they are when a cell begins."""
    made = LimitedClient(Managed()), NotebookClient(new_notebook())
    for client in made:
        client.clear_before_next_output = False
    return made


def display(data, metadata=None, kind="display_data"):
    content = {"data": data, "metadata": metadata or {}, "execution_count": 1}
    return {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {"msg_id": "1"}, "content": content}


BLOCK = {"kind": "prose", "figures": [{"value": 1.5, "name": None}], "paragraphs": ["一"]}
MESSAGES = {
    "a text": display({"text/plain": "一\n二"}),
    "a block and its text": display({MIME: BLOCK, "text/plain": "一"}),
    "a block alone": display({MIME: BLOCK}),
    "what is no block": display({MIME: "一"}),
    "nothing": display({}),
    "lines": display({"text/html": ["<p>\n", "一"]}),
    "another JSON": display({"application/json": [1, {"a": None}]}),
    "with metadata": display({"image/png": "aWE="}, {"image/png": {"width": 1}}),
    "a result": display({"text/plain": "1"}, kind="execute_result"),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_an_output_is_that_of_nbclient(message):
    ours, nbclients = [], []
    for client, outputs in zip(clients(), (ours, nbclients), strict=True):
        assert client.output(outputs, message, None, 0) is outputs[0]
    assert ours[0].data == message["content"]["data"]
    assert json.dumps(ours, sort_keys=True) == json.dumps(nbclients, sort_keys=True)


@pytest.mark.parametrize(
    "data", [{"text/plain": 1}, {"text/plain": {"a": "b"}}, {"text/plain": "一", "image/png": None}], ids=str
)
def test_what_no_notebook_may_hold_is_refused_as_nbclient_refuses_it(data):
    for client in clients():
        with pytest.raises(NotebookValidationError):
            client.output([], display(data), None, 0)


def test_what_clears_a_cell_clears_it_before_a_plain_output():
    client, outputs = clients()[0], [display({})]
    client.clear_before_next_output = True
    made = client.output(outputs, MESSAGES["a text"], None, 0)
    assert outputs == [made]


def test_only_the_dates_of_messages_are_left_out():
    """jupyter_client puts in when it has read the message; what is shown may have a date, which stays a text."""
    said = {"data": {"text/plain": "一"}, "metadata": {}, "date": "2021-03-02T00:00:00Z"}
    with_date, without = Manager(kernel_name="python3").session, UndatedManager(kernel_name="python3").session
    for session in (with_date, without):
        session.key = b"1"
    sent = with_date.serialize(with_date.msg("display_data", said, parent=with_date.msg("execute_request")))
    _, parts = with_date.feed_identities(sent)
    full, read = with_date.deserialize(parts), without.deserialize(parts)
    assert full["parent_header"].pop("date")
    assert read["parent_header"] == full["parent_header"]
    assert read["header"].pop("date") > full["header"].pop("date")
    assert read["header"] == full["header"]
    assert read["content"] == full["content"] == said
