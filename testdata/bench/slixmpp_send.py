# Sends one message with slixmpp, as Apprise does: slixmpp_send.py HOST PORT JID TARGET,
# the password in PASSWORD.
import os
import sys

import slixmpp


class Send(slixmpp.ClientXMPP):
    def __init__(self, jid, password, target):
        super().__init__(jid, password)
        self.target = target
        self.add_event_handler("session_start", self.start)

    async def start(self, event):
        self.send_message(mto=self.target, mbody="Disk 91% full", mtype="chat")
        await self.disconnect()


host, port, jid, target = sys.argv[1:]
xmpp = Send(jid, os.environ["PASSWORD"], target)
xmpp.ca_certs = os.environ["SSL_CERT_FILE"]
xmpp.connect((host, int(port)))
xmpp.process(forever=False)
