"""Logs in with slixmpp, sends one message and leaves.

usage: slixmpp-send.py HOST PORT CA JID PASSWORD TO (chat|groupchat) BODY

Prints the SASL mechanism that was used.
"""

import asyncio
import sys

import slixmpp

host, port, ca, jid, password, to, kind, body = sys.argv[1:]


class Sender(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(jid, password)
        self.ca_certs = ca
        self.failed = None
        self.register_plugin("xep_0045")
        self.add_event_handler("session_start", self.start)
        for event in ("failed_auth", "failed_all_auth", "connection_failed", "ssl_invalid_chain"):
            self.add_event_handler(event, self.give_up)

    async def start(self, _):
        self.send_presence()
        if kind == "groupchat":
            await self["xep_0045"].join_muc_wait(to, "alice", timeout=20)
        self.send_message(mto=to, mbody=body, mtype=kind)
        print(self["feature_mechanisms"].mech.name, flush=True)
        self.disconnect(wait=2)

    def give_up(self, reason):
        self.failed = str(reason)
        self.abort()


sender = Sender()
sender.connect((host, int(port)))
asyncio.get_event_loop().run_until_complete(asyncio.wait_for(sender.disconnected, 30))
if sender.failed:
    sys.exit(sender.failed)
