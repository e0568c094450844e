/// Which jobs have a name.
///
/// A job without a name of its own has that of its output, which is bytes: names are compared by their bytes. As Swift strings,
/// different names could be equal, and a job would wait for one that it does not name.
struct JobNames {
    private let jobs: [[UInt8]: [Int]]

    init(_ drafts: [JobDraft]) {
        jobs = Dictionary(drafts.indices.map { (Array(drafts[$0].name.utf8), [$0]) }, uniquingKeysWith: +)
    }

    /// The jobs with a name, in the order of the manifest; `nil` without one.
    subscript(name: String) -> [Int]? { jobs[Array(name.utf8)] }

    /// The jobs of each name.
    var groups: some Sequence<[Int]> { jobs.values }
}
