import Testing

@testable import Jobs

@Suite("The budget of a process")
struct ResourceBudgetTests {
    private let machine = ResourceBudget.Machine(cores: 16, memory: 64 << 30)

    private func budget(_ environment: [String: String] = [:], _ files: [String: String] = [:]) -> ResourceBudget {
        ResourceBudget(environment: environment, machine: machine, control: ControlGroup { files[$0] })
    }

    @Test("The budget of a process is by default the machine's, and three quarters of its memory")
    func usual() {
        #expect(budget().threads == .init(16, "the machine"))
        #expect(budget().memory == .init(48 << 30, "three quarters of the machine"))
    }

    @Test("The budget of a process is first of all that of the scheduler")
    func scheduler() {
        let given = budget(["SLURM_CPUS_PER_TASK": "4", "SLURM_MEM_PER_CPU": "1024"])
        #expect(given.threads == .init(4, "SLURM_CPUS_PER_TASK"))
        #expect(given.memory == .init(4 << 30, "SLURM_MEM_PER_CPU"))
        #expect(budget(["SLURM_MEM_PER_NODE": "512"]).memory == .init(512 << 20, "SLURM_MEM_PER_NODE"))
        #expect(budget(["SLURM_MEM_PER_NODE": "0", "SLURM_CPUS_PER_TASK": "x"]) == budget())
        #expect(budget(["CUE_THREADS": "3"]).threads.amount == 3)
    }

    @Test("The budget of a process is the lowest of its cgroup and those above it")
    func controlGroup() {
        let files = [
            "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "max\n",
            "/sys/fs/cgroup/a/memory.max": "\(2 << 30)\n", "/sys/fs/cgroup/a/b/cpu.max": "150000 100000\n",
            "/sys/fs/cgroup/cpu.max": "max 100000\n",
        ]
        #expect(budget([:], files).threads == .init(2, "the cgroup"))
        #expect(budget([:], files).memory == .init(2 << 30, "the cgroup"))
    }

    @Test("The budget of a process knows the first version of cgroups, in which no limit is a huge one")
    func version1() {
        let files = [
            "/proc/self/cgroup": "4:memory:/job\n3:cpu,cpuacct:/job\n",
            "/sys/fs/cgroup/memory/job/memory.limit_in_bytes": "1073741824\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us": "300000\n",
            "/sys/fs/cgroup/cpu/job/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        ]
        #expect(budget([:], files).threads == .init(3, "the cgroup"))
        #expect(budget([:], files).memory == .init(1 << 30, "the cgroup"))
    }
}
