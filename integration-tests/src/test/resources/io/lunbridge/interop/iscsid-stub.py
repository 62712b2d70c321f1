"""Takes iscsiadm's requests at the place where iscsid does: tells the initiator's name and where iscsid.conf is, and
refuses all else."""
import socket
import struct

CONFIG_NAME, CONFIG_ALIAS, CONFIG_FILE = 8, 9, 10
NOT_CONNECTED = 20
# More than an answer has, as iscsiadm reads as many bytes as it expects.
PADDING = b"\0" * 65536

listener = socket.socket(socket.AF_UNIX)
listener.bind("\0ISCSIADM_ABSTRACT_NAMESPACE")
listener.listen(64)
print("listening", flush=True)
while True:
    client, _ = listener.accept()
    with client:
        command = struct.unpack("<I", client.recv(4, socket.MSG_WAITALL))[0]
        # iscsiadm writes its request in one go, in more than one piece if it does not fit.
        client.settimeout(0.02)
        try:
            while client.recv(65536):
                pass
        except socket.timeout:
            pass
        client.settimeout(None)
        known = command in (CONFIG_NAME, CONFIG_ALIAS, CONFIG_FILE)
        said = b""
        if command == CONFIG_FILE:
            said = b"/etc/iscsi/iscsid.conf"
        elif command == CONFIG_NAME:
            with open("/etc/iscsi/initiatorname.iscsi", "rb") as file:
                said = file.readline().strip().removeprefix(b"InitiatorName=")
        try:
            client.sendall(struct.pack("<II", command, 0 if known else NOT_CONNECTED) + said + PADDING)
        except OSError:
            pass  # It has read enough and is gone.
