"""The real Apprise, asked over standard input and output: one JSON object a line.

Run it with the Python that has Apprise and slixmpp. A question has "do" and "id";
the answer has the same "id". Answers to "send" come when they are ready, in any
order, since each send is a process of its own; whoever asks for sends asks this
process for nothing else, because "plan" leaves threads that no copy of it has.

do="versions"  {versions: {apprise, slixmpp, Python}}
do="read"      url: what Apprise reads in it, with the fields of urls.jsonl
do="split"     text: the URLs that Apprise's command line takes it for
do="plan"      url, title, body, input_format, interpret_escapes: the messages
               that Apprise would hand to slixmpp, as in messages.jsonl; half is
               true where one holds half a character (a surrogate), which never leaves
do="send"      the same, and trust: the file of authorities that certifi names.
               {added, success, raised, seconds, log}
"""

import json
import logging
import math
import os
import platform
import signal
import sys
import time
import warnings

if os.environ.get("PYTHONHASHSEED") != "0":  # the order of what Apprise keeps in sets
    os.environ["PYTHONHASHSEED"], os.environ["TZ"] = "0", "UTC"
    os.execv(sys.argv[1], sys.argv[1:])  # the launcher, which sys.executable does not name

warnings.simplefilter("ignore")

import certifi  # noqa: E402

# What certifi.where() names is decided per send; the import must not freeze it.
TRUST = {"file": certifi.where()}
certifi.where = lambda: TRUST["file"]

import apprise  # noqa: E402
import slixmpp  # noqa: E402
from apprise.plugins.xmpp import base  # noqa: E402
from apprise.plugins.xmpp.base import NotifyXMPP  # noqa: E402
from apprise.plugins.xmpp.common import SECURE_MODES  # noqa: E402


class Log(logging.Handler):
    """Keeps what Apprise warns of."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage()[:200])


LOG = Log()
logging.getLogger().addHandler(logging.NullHandler())
logger = logging.getLogger("apprise")
logger.addHandler(LOG)
logger.setLevel(logging.WARNING)
logger.propagate = False


def versions(_):
    return {"versions": {"apprise": apprise.__version__, "slixmpp": slixmpp.__version__,
                         "Python": platform.python_version()}}


def number(value):
    """A number as JSON can hold it: null for one that it does not know."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def zone(plugin):
    found = plugin._NotifyBase__tzinfo
    return None if found is None else (getattr(found, "key", None) or str(found))


def read(question):
    try:
        plugin = apprise.Apprise.instantiate(question["url"])
    except Exception:
        plugin = None
    if not isinstance(plugin, NotifyXMPP):
        return {"reading": {"accepted": False}}
    targets = [{"kind": kind, "jid": jid} for kind, jid in plugin.targets]
    return {"reading": {
        "accepted": True, "secure": plugin.secure, "login_jid": plugin.jid,
        "stream_to": plugin.jid.split("@", 1)[1].split("/", 1)[0],
        "password_set": bool(plugin.password), "tcp_host": plugin.xmpp_host or plugin.host,
        "port": number(plugin.port or SECURE_MODES[plugin.secure_mode]["default_port"]),
        "mode": plugin.secure_mode, "nick": plugin.name,
        "targets": targets or [{"kind": "chat", "jid": plugin.jid}], "self_target": not targets,
        "roster": plugin.roster, "subject": plugin.subject, "keepalive": plugin.keepalive,
        "scramplus": plugin.scramplus, "verify": plugin.verify_certificate,
        "redirect": plugin.redirects, "optional": plugin.optional,
        "emojis": bool(plugin.interpret_emojis), "cto": number(plugin.socket_connect_timeout),
        "rto": number(plugin.socket_read_timeout), "retry": plugin.retry, "wait": plugin.wait,
        "overflow": plugin.overflow_mode.value, "format": plugin.notify_format.value,
        "tz": zone(plugin), "canonical_url": plugin.url(privacy=True)}}


def split(question):
    return {"urls": apprise.utils.parse.parse_urls(question["text"])}


def service(question):
    """An Apprise with the URL of a question; added is false where it takes none."""
    asset = apprise.AppriseAsset(body_format=question.get("input_format", "text"),
                                 interpret_escapes=question.get("interpret_escapes", False))
    found = apprise.Apprise(asset=asset)
    return found, bool(found.add(question["url"]))


def plan(question):
    sent = []

    class Adapter:
        """Stands for slixmpp, and notes what it is given."""

        def __init__(self, subject, body, **_):
            self.message = {"subject": subject or "", "body": body}

        def process(self):
            sent.append(self.message)
            return True

        def send_message(self, subject=None, body=None, **_):
            sent.append({"subject": self.message["subject"] if subject is None else subject,
                         "body": self.message["body"] if body is None else body})
            return True

        def close(self):
            pass

    real, pause = base.SlixmppAdapter, NotifyXMPP.request_rate_per_sec
    base.SlixmppAdapter, NotifyXMPP.request_rate_per_sec = Adapter, 0
    try:
        found, added = service(question)
        done = added and found.notify(body=question["body"], title=question["title"])
    except Exception:  # what escapes from Apprise ends its command line
        done = False
    finally:
        base.SlixmppAdapter, NotifyXMPP.request_rate_per_sec = real, pause
    text = "".join(m["subject"] + m["body"] for m in sent)
    half = any("\ud800" <= c <= "\udfff" for c in text)
    return {"accepted": bool(done), "messages": sent, "half": half}


def send(question):
    TRUST["file"] = question["trust"]
    raised, done = None, False
    found, added = service(question)
    began = time.monotonic()
    try:
        done = bool(found.notify(body=question["body"], title=question.get("title", "")))
    except BaseException as e:
        raised = f"{type(e).__name__}: {e}"
    seconds = time.monotonic() - began
    if not done and seconds < 1:
        time.sleep(2)  # as a program that goes on: what was begun may still be sent
    return {"added": added, "success": done, "raised": raised, "seconds": round(seconds, 2),
            "log": LOG.lines[:3]}


def answer(question, result):
    # One write, so that the answers of several processes do not mix. A lone
    # surrogate is legal in JSON as an escape.
    os.write(1, json.dumps({"id": question["id"], **result}).encode() + b"\n")


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Apprise imports its hundred plugins with the first URL, which takes seconds:
    # not once more in every process that sends.
    apprise.Apprise.instantiate("xmpps://alice:pw@example.com")
    answers = {"versions": versions, "read": read, "split": split, "plan": plan}
    for line in sys.stdin:
        question = json.loads(line)
        if question["do"] != "send":
            LOG.lines.clear()
            answer(question, answers[question["do"]](question))
            continue
        if os.fork():
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        answer(question, send(question))
        os._exit(0)  # slixmpp's threads may go on


main()
