internal import Places
internal import Sluice

/// A manifest, checked as a whole, before any job runs.
package struct BatchPlan: Sendable {
    /// Settings from outside of the manifest.
    package struct Options: Sendable {
        /// The folder that relative outputs are in. `nil`, the default, is the manifest's.
        package var outputFolder: FilePath?
        /// Whether the manifest may name files outside of its folder and that of the outputs. The default is that it may not.
        package var allowsAbsolutePaths = false
        /// Whether outputs may be replaced that are not an earlier batch's. The default is that they may not.
        package var overwrite = false
        /// Whether media is read by a thread that confines itself. The default is that it is.
        package var isSandboxed = true
        /// Where programs are looked for: the value of `PATH`.
        package var programPath = "/usr/local/bin:/usr/bin:/bin"
        /// The folder that the manifest's and the outputs' names begin in.
        package var workingFolder: FilePath

        /// The defaults.
        package init(workingFolder: FilePath) { self.workingFolder = workingFolder }
    }

    /// The path that means standard input.
    package static let standardInput = FilePath("-")

    /// What messages call the manifest.
    package let name: String
    /// The manifest's file, absolute.
    package let manifest: FilePath
    /// The folder that everything is relative to.
    package let folder: FilePath
    /// What the writer of the manifest should know, with file, line and column.
    package let notices: [String]
    /// The jobs, in the order of the manifest.
    package internal(set) var jobs: [BatchJob]
    /// Outputs may be replaced that are not an earlier batch's.
    package let overwrite: Bool
    /// The folder that all outputs have to be in, or below; `nil` where they may be anywhere.
    let outputRoot: FilePath?

    /// Reads a manifest and checks everything that can be known before the first frame.
    ///
    /// - Parameters:
    ///   - path: The manifest.
    ///   - bytes: What is in it.
    ///   - command: The command that runs the jobs.
    ///   - options: What else is known.
    /// - Throws: ``ManifestError`` with everything that is wrong.
    package init(
        _ path: FilePath,
        bytes: [UInt8],
        command: some JobCommand,
        options: Options
    ) throws(ManifestError) {
        manifest = options.workingFolder.pushing(path).lexicallyNormalized()
        folder = manifest.removingLastComponent()
        overwrite = options.overwrite
        let shown = path == Self.standardInput ? "standard input" : path.spelled
        name = shown
        let rules = PathRules(
            folder: folder,
            outputFolder: options.outputFolder.map { options.workingFolder.pushing($0).lexicallyNormalized() }
                ?? folder,
            allowsAbsolute: options.allowsAbsolutePaths
        )
        outputRoot = rules.allowsAbsolute ? nil : rules.outputFolder
        let root: ManifestNode
        do throws(ManifestProblem) {
            root = try ManifestText.read(bytes, as: path == Self.standardInput ? .init(of: bytes) : .init(of: path))
        } catch {
            throw ManifestError(shown, [error])
        }
        let entries = JobEntries(root, flags: command.flags)
        let drafts = JobDrafts(entries.entries, flags: command.flags, rules: rules, programPath: options.programPath)
        var problems = entries.problems + drafts.problems
        var reading = DraftReading(drafts.drafts, command, isSandboxed: options.isSandboxed)
        jobs = reading.jobs()
        reading.checkFiles()
        reading.checkReserved(manifest: manifest)
        reading.order(&jobs)
        problems += reading.problems
        notices = ManifestError.lines(of: drafts.notices, in: shown)
        guard problems.isEmpty else {
            throw ManifestError(shown, problems, isShortage: drafts.isShort || reading.isShort)
        }
    }
}
