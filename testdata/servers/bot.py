"""A component (XEP-0114) that answers messages as bots and gateways do.

Called with its JID, the password and the server's port. It says on standard
output when the server has let it in.

    reply@BOT   answers as a plain reply that was made an error, which in slixmpp
                has an id of its own
    strict@BOT  answers with the id of the message (RFC 6120 section 8.1.3)
    mute@BOT    says nothing
"""

import sys

from slixmpp.componentxmpp import ComponentXMPP


class Bot(ComponentXMPP):
    def __init__(self, jid, password, port):
        super().__init__(jid, password, "127.0.0.1", port)
        self.add_event_handler("session_start", self.ready)
        self.add_event_handler("message", self.answer)

    def ready(self, _):
        print("servertest ready", flush=True)

    def answer(self, message):
        local = message["to"].local
        if message["type"] == "error" or local not in ("reply", "strict"):
            return
        reply = message.reply()
        reply["type"] = "error"
        reply["error"]["condition"] = "item-not-found"
        reply["error"]["text"] = "no such number"
        if local == "strict":
            reply["id"] = message["id"]
        reply.send()


bot = Bot(sys.argv[1], sys.argv[2], int(sys.argv[3]))
bot.connect()
bot.process()
