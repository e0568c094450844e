internal import SystemPackage

/// What the cgroups that a process is in allow it: the least of its own and of those above it.
struct ControlGroup: Hashable {
    /// Bytes of memory; `nil` without a limit.
    var memory: Int?
    /// Processors, by the quota of processor time; `nil` without one.
    var processors: Double?

    /// No limits.
    init() {}

    /// The limits of this process.
    static var ofThisProcess: ControlGroup { ControlGroup(read: Self.text) }

    /// The limits by the files of the kernel.
    ///
    /// - Parameter read: The text of a file, or `nil` if it does not exist.
    init(read: (String) -> String?) {
        for line in (read("/proc/self/cgroup") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { continue }
            let folders = Self.folders(parts[2])
            switch parts[1].split(separator: ",").map(String.init) {
            case []: for folder in folders { takeVersion2("/sys/fs/cgroup" + folder, read) }
            case let names where names.contains("memory"):
                for folder in folders { takeMemory1("/sys/fs/cgroup/memory" + folder, read) }
            case let names where names.contains("cpu"):
                for folder in folders { takeProcessors1("/sys/fs/cgroup/cpu" + folder, read) }
            default: continue
            }
        }
    }

    /// A group and all above it: `/a/b`, `/a` and the root.
    private static func folders(_ path: String) -> [String] {
        let parts = path.split(separator: "/")
        return (0...parts.count).map { count in parts.prefix(count).map { "/\($0)" }.joined() }
    }

    private mutating func takeVersion2(_ folder: String, _ read: (String) -> String?) {
        takeMemory(read(folder + "/memory.max"))
        let quota = (read(folder + "/cpu.max") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        if quota.count == 2 { takeProcessors(Double(quota[0]), Double(quota[1])) }
    }

    private mutating func takeMemory1(_ folder: String, _ read: (String) -> String?) {
        takeMemory(read(folder + "/memory.limit_in_bytes"))
    }

    private mutating func takeProcessors1(_ folder: String, _ read: (String) -> String?) {
        let values = ["quota", "period"].map {
            read("\(folder)/cpu.cfs_\($0)_us").flatMap(Self.number).map(Double.init)
        }
        takeProcessors(values[0], values[1])
    }

    private mutating func takeMemory(_ text: String?) {
        guard let bytes = text.flatMap(Self.number), bytes > 0 else { return }
        memory = min(memory ?? .max, bytes)
    }

    private mutating func takeProcessors(_ quota: Double?, _ period: Double?) {
        guard let quota, let period, quota > 0, period > 0 else { return }
        processors = min(processors ?? .infinity, quota / period)
    }

    private static func number(_ text: String) -> Int? { Int(text.prefix { !$0.isWhitespace }) }

    /// The front of a small file of the kernel's.
    private static func text(_ path: String) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 4096)
        guard let count = try? unsafe bytes.withUnsafeMutableBytes({ try unsafe file.read(into: $0) }) else {
            return nil
        }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
