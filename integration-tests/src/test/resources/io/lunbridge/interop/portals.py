"""Portals on 127.0.0.1 that each go wrong in their own way when somebody logs in for a discovery, or say what they are told
to: arguments are PORT=BEHAVIOUR. Prints "listening" when all of them listen.
  reset        resets the connection at the login request
  silent       takes all and says nothing
  login-hangup closes at the login request
  garbage      answers the login request with bytes that are no PDU
  CC/DD        answers the login request with this status class and detail, in hexadecimal digits
  CC/DD=WHERE  the same, with a TargetAddress
  text-hangup  logs in, and closes at the request for targets
  text-silent  logs in, and does not answer the request for targets
  chap=NAME:SECRET[:NAME:SECRET]  wants CHAP by MD5, proves itself by the second account if that is asked for, and names no
               targets; 02/01 if it is not answered rightly
  TEXT...      logs in, and answers the request for targets with this text; ; stands for the end of a pair
"""
import hashlib
import os
import socket
import struct
import sys
import threading
import time

LOGIN, TEXT, LOGOUT = 0x03, 0x04, 0x06


def exactly(client, length):
    data = b""
    while len(data) < length:
        more = client.recv(length - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def request(client):
    header = exactly(client, 48)
    length = int.from_bytes(header[5:8], "big")
    return header, exactly(client, (length + 3) // 4 * 4)[:length]


def send(client, opcode, flags, asked, fields, data=b""):
    """fields: the bytes from offset 20 on."""
    header = bytearray(48)
    header[0] = opcode | 0x20
    header[1] = flags
    header[5:8] = len(data).to_bytes(3, "big")
    header[8:16] = asked[8:16]
    header[16:20] = asked[16:20]
    header[20:20 + len(fields)] = fields
    client.sendall(bytes(header) + data + b"\0" * (-len(data) % 4))


def numbers(asked, stat_sn):
    cmd_sn = int.from_bytes(asked[24:28], "big")
    return b"\0\0\0\0" + struct.pack(">III", stat_sn, cmd_sn, cmd_sn + 16)


def answers(text):
    declared = (b"InitiatorName", b"InitiatorAlias", b"SessionType", b"TargetName", b"MaxRecvDataSegmentLength")
    said = b""
    for pair in text.split(b"\0"):
        key, _, value = pair.partition(b"=")
        if key and key not in declared:
            said += key + b"=" + value.split(b",")[-1 if b"Digest" in key else 0] + b"\0"
    return said


def keys(text):
    return dict(pair.split("=", 1) for pair in text.decode().split("\0") if "=" in pair)


def response(identifier, secret, challenge):
    return "0x" + hashlib.md5(bytes([identifier]) + secret.encode() + challenge).hexdigest()


def chap(account, text, sent):
    """The answer to a step of CHAP, None to a wrong one, and whether it is the last; sent is what was sent so far."""
    name, secret, own_name, own_secret = (account.split(":") + [None, None])[:4]
    said = keys(text)
    if "CHAP_A" in said and "CHAP_N" not in said:
        sent["C"] = os.urandom(16)
        return "CHAP_A=5\0CHAP_I=7\0CHAP_C=0x" + sent["C"].hex() + "\0", False
    if "CHAP_N" in said and "C" in sent:
        if said["CHAP_N"] != name or said["CHAP_R"].lower() != response(7, secret, sent["C"]):
            return None, True
        if "CHAP_C" not in said:
            return "", True
        challenge = bytes.fromhex(said["CHAP_C"][2:])
        return "CHAP_N=%s\0CHAP_R=%s\0" % (own_name, response(int(said["CHAP_I"], 0), own_secret, challenge)), True
    return ("AuthMethod=CHAP\0TargetPortalGroupTag=1\0", False) if "CHAP" in said.get("AuthMethod", "") else (None, True)


def login(client, behaviour):
    stat_sn = 1
    sent = {}
    while True:
        asked, text = request(client)
        if behaviour == "login-hangup":
            return None
        if behaviour == "garbage":
            client.sendall(b"\xff" * 64)
            time.sleep(1)
            return None
        if behaviour[2:3] == "/":
            status = bytes.fromhex(behaviour[0:2] + behaviour[3:5])
            where = behaviour[6:].encode()
            data = b"TargetAddress=" + where + b"\0" if where else b""
            fields = numbers(asked, stat_sn) + status
            send(client, LOGIN, 0, asked, fields, data)
            time.sleep(0.2)
            return None
        stage = asked[1] >> 2 & 3
        flags = asked[1]
        data = b"AuthMethod=None\0TargetPortalGroupTag=1\0" if stage == 0 else answers(text)
        if behaviour.startswith("chap=") and not sent.get("proven"):
            step, last = chap(behaviour[5:], text, sent) if stage == 0 else (None, True)
            sent["proven"] = last
            if step is None:
                send(client, LOGIN, 0, asked, numbers(asked, stat_sn) + b"\2\1")
                time.sleep(0.2)
                return None
            data = step.encode()
            flags = flags if last else flags & ~0x83
        done = bool(flags & 0x80) and flags & 3 == 3
        tagged = asked[:14] + (b"\0\1" if done else b"\0\0") + asked[16:]
        send(client, LOGIN, flags, tagged, numbers(asked, stat_sn), data)
        stat_sn += 1
        if done:
            return stat_sn


def serve(client, behaviour):
    if behaviour == "reset":
        request(client)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return
    if behaviour == "silent":
        time.sleep(60)
        return
    stat_sn = login(client, behaviour)
    while stat_sn is not None:
        asked, _ = request(client)
        opcode = asked[0] & 0x3F
        if opcode == LOGOUT:
            send(client, LOGOUT, 0x80, asked, numbers(asked, stat_sn))
            return
        if behaviour == "text-hangup":
            return
        if behaviour == "text-silent":
            time.sleep(60)
        said = b"" if behaviour.startswith("chap=") else behaviour.replace(";", "\0").encode()
        send(client, TEXT, 0x80, asked, b"\xff" * 4 + numbers(asked, stat_sn)[4:], said)
        stat_sn += 1


def listen(port, behaviour):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(16)

    def one(client):
        with client:
            try:
                serve(client, behaviour)
            except (EOFError, OSError):
                pass

    def accept():
        while True:
            client, _ = listener.accept()
            threading.Thread(target=one, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


for argument in sys.argv[1:]:
    number, _, behaviour = argument.partition("=")
    listen(int(number), behaviour)
print("listening", flush=True)
threading.Event().wait()
