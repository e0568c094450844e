"""A whole Slurm on this machine: munged, slurmctld and slurmd in a temporary folder, which any user may run."""

import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import time

from processes import descendants, end_with_parent, reap, send, until

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "scancel", "squeue"]
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
HOST = socket.gethostname().split(".")[0]
# In seconds, all as short as they can be. A requeued task waits until its old credential has expired: 5 is the least.
CONFIGURATION = """
ClusterName=sluice
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SwitchType=switch/none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
BatchStartTimeout=1
MessageTimeout=2
KillWait=5
SlurmdTimeout=10
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES State=UP
"""


class Unavailable(Exception):
    """Slurm does not run here, for the reason that the message says."""


def missing():
    return [program for program in PROGRAMS if not shutil.which(program, path=PATH)]


class Slurm:
    """The daemons, while the `with` lasts."""

    def __init__(self, folder, environment, cpus):
        self.folder, self.cpus = folder, cpus
        self.environment = {**environment, "PATH": PATH, "SLURM_CONF": f"{folder}/slurm.conf"}
        self.daemons = {}

    def __enter__(self):
        for name in ["state", "spool"]:
            os.makedirs(f"{self.folder}/{name}")
        with open(f"{self.folder}/munge.key", "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(os.urandom(128))
        with open(f"{self.folder}/slurm.conf", "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(folder=self.folder, host=HOST, cpus=self.cpus,
                                            user=getpass.getuser(), ports=free_ports(2)))
        try:
            files = [f"--{kind}-file={self.folder}/munge.{kind}" for kind in ["key", "pid", "log", "seed"]]
            self.start("munged", "--foreground", f"--socket={self.folder}/munge.socket", *files)
            until(lambda: self.alive("munged") and os.path.exists(f"{self.folder}/munge.socket"), 10, "munged")
            self.start("slurmctld", "-D")
            self.start_node()
            until(lambda: self.alive("slurmctld", "slurmd") and self.node_state() == "IDLE", 20, "an idle node")
        except BaseException as error:
            self.__exit__()
            if isinstance(error, (OSError, subprocess.SubprocessError)):
                raise Unavailable(str(error)) from error
            raise
        return self

    def __exit__(self, *_):
        """Ends every daemon, every task and whatever else there is of them."""
        # Until there is nothing left: a daemon may have been starting something meanwhile.
        for number in [signal.SIGTERM, signal.SIGKILL]:
            deadline = time.monotonic() + 3
            while self.processes() and time.monotonic() < deadline:
                send(self.processes(), number)
                send(self.processes(), signal.SIGCONT)
                time.sleep(0.05)
        for daemon in self.daemons.values():
            daemon.wait()
        reap()

    def processes(self):
        """All that this process has below it: the daemons, and what slurmd has started."""
        return descendants(os.getpid())

    def start(self, name, *options):
        with open(f"{self.folder}/{name}.out", "ab") as log:
            self.daemons[name] = subprocess.Popen(
                [shutil.which(name, path=PATH), *options], env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd=self.folder, preexec_fn=end_with_parent,
            )

    def start_node(self):
        self.start("slurmd", "-D")

    def alive(self, *names):
        for name in names:
            if self.daemons[name].poll() is not None:
                raise Unavailable(f"{name} has ended with status {self.daemons[name].returncode}: {self.last_words(name)}")
        return True

    def last_words(self, name):
        words = ""
        for path in [f"{self.folder}/{name}.log", f"{self.folder}/{name}.out"]:
            if os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as log:
                    words = words or log.read().strip().split("\n")[-1]
        return words or "without a word"

    def kill_daemon(self):
        """Kills slurmd. What it has started goes on."""
        self.daemons["slurmd"].kill()
        self.daemons["slurmd"].wait()

    def kill_node(self):
        """Kills slurmd and all that it has started, as a power failure would, and has slurmctld take note of it at once."""
        self.kill_daemon()
        kept = {daemon.pid for name, daemon in self.daemons.items() if name != "slurmd"}
        kept |= {below for pid in kept for below in descendants(pid)}
        # Twice, for what was being started meanwhile.
        for _ in range(2):
            send([pid for pid in self.processes() if pid not in kept], signal.SIGKILL)
        self.ask("scontrol", "update", f"NodeName={HOST}", "State=DOWN", "Reason=killed")

    def ask(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=20, check=True).stdout

    def cancel_all(self):
        """Leaves the node to the next case."""
        self.ask("scancel", "--user", getpass.getuser())
        until(lambda: not self.ask("squeue", "--noheader"), 20, "an empty queue")

    def node_state(self):
        try:
            return re.search(r" State=(\w+\*?)", self.ask("scontrol", "-o", "show", "node")).group(1)
        except (subprocess.CalledProcessError, AttributeError):
            return None

    def jobs(self, number):
        """What Slurm knows about a job: a dictionary for each of its tasks."""
        lines = self.ask("scontrol", "-o", "show", "job", number).splitlines()
        return [dict(pair.split("=", 1) for pair in line.split() if "=" in pair) for line in lines]


def free_ports(count):
    """Ports that nobody listens at; all are held at once so that no two are the same."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
