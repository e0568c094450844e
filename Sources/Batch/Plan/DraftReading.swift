internal import CPosix
internal import Places
internal import Sluice

/// Parses drafts with the command, and checks them against each other and the files on the disk.
struct DraftReading<Command: JobCommand> {
    let drafts: [JobDraft]
    private let command: Command
    private let isSandboxed: Bool
    private(set) var problems: [ManifestProblem] = []
    /// A file could not be read because no descriptors were available.
    private(set) var isShort = false
    /// Who writes a file.
    private var writers: [FilePath: Int] = [:]
    /// What names lead to.
    private let keys = FileKeys()
    /// Which jobs have a name.
    let names: JobNames
    /// Which jobs come before which.
    private(set) var order: JobOrder

    init(_ drafts: [JobDraft], _ command: Command, isSandboxed: Bool) {
        (self.drafts, self.command, self.isSandboxed) = (drafts, command, isSandboxed)
        names = JobNames(drafts)
        order = JobOrder(drafts, names)
        for (index, draft) in drafts.enumerated() {
            for file in draft.writes where writers[keys.key(file)] == nil { writers[keys.key(file)] = index }
        }
    }

    mutating func note(_ message: String, at place: ManifestPlace) {
        problems.append(ManifestProblem(message, at: place))
    }

    /// The jobs; those that the command does not take are problems.
    mutating func jobs() -> [BatchJob] {
        var jobs: [BatchJob] = []
        for draft in drafts { if let job = read(draft, index: jobs.count) { jobs.append(job) } }
        refuseHopeless(jobs)
        return jobs
    }

    /// If the flags are wrong for all files of a pattern, the flags are the mistake.
    private mutating func refuseHopeless(_ jobs: [BatchJob]) {
        let entries = Dictionary(grouping: jobs) { $0.place }
        for (place, jobs) in entries {
            guard let refusal = jobs[0].refusal, jobs.allSatisfy({ $0.refusal?.name == Self.unfit }) else { continue }
            note(refusal.message, at: place)
        }
    }

    /// The failure of a file that the flags do not fit to.
    private static var unfit: String { "unknownInput" }

    private mutating func read(_ draft: JobDraft, index: Int) -> BatchJob? {
        guard let output = draft.output, let receipt = draft.receipt, draft.input != nil || draft.command != nil else {
            return nil
        }
        do throws(JobRefusal) {
            let (job, forecast, refusal) = try meaning(of: draft)
            return BatchJob(
                index: index,
                name: draft.name,
                place: draft.entry.place,
                input: draft.input,
                command: draft.command,
                inputs: draft.sources + draft.inputs,
                output: output,
                companions: draft.companions,
                receipt: receipt,
                flags: draft.words,
                fileFlags: draft.fileFlags,
                job: job,
                forecast: forecast,
                refusal: refusal
            )
        } catch {
            isShort = isShort || error.isShortage
            blame(error, draft)
            return nil
        }
    }

    private func meaning(of draft: JobDraft) throws(JobRefusal) -> (EncodeJob, JobForecast, Failure?) {
        let files = draft.fileFlags.map { "--\($0.flag)=\($0.file.path.spelled)" }
        let job = try command.job(draft.words + files + Self.tail(draft))
        // What another job writes is not there yet, or is not what it will be.
        let isMade = draft.sources.isEmpty || draft.sources.contains { writers[keys.key($0)] != nil }
        let isReadable = !isMade && draft.isComplete && draft.sources.allSatisfy { FileStamp($0.path) != nil }
        do throws(JobRefusal) {
            return (job, try forecast(job, readingInput: isReadable), nil)
        } catch {
            // If only a file that a pattern matched is invalid, its job fails.
            guard draft.isMatch, isReadable, !error.isShortage else { throw error }
            return (job, try forecast(job, readingInput: false), Self.refusal(error, draft))
        }
    }

    private func forecast(_ job: EncodeJob, readingInput: Bool) throws(JobRefusal) -> JobForecast {
        do throws(JobError) {
            return try job.forecast(readingInput: readingInput, isConfined: isSandboxed)
        } catch {
            throw command.refusal(error)
        }
    }

    /// The failure of a job whose input cannot be encoded; if flags are missing for it, the file is of another kind.
    private static func refusal(_ error: JobRefusal, _ draft: JobDraft) -> Failure {
        let (name, message) = (draft.input?.name ?? "", draft.inOwnNames(error.message))
        let words = message.contains(name) ? message : "\(name): \(message)"
        guard error.status == .usage else { return Failure(error.status, name: error.name, message: words) }
        return Failure(.badInput, name: unfit, message: words)
    }

    /// The flag of a job that may end well without an output.
    private static var keepSmaller: String { "--keep-smaller" }

    private static func tail(_ draft: JobDraft) -> [String] {
        ["--output=\(draft.output?.path.spelled ?? "-")", "--", draft.input?.path.spelled ?? "-"]
    }

    private static func exists(_ file: BatchJob.File) -> Bool { PathRules.resolved(file.path) != nil }

    /// Finds the keys that cause the refusal: each that is refused by itself, and then, without those, each that is named. A
    /// key that is only missing because it was wrong is not a separate problem.
    private mutating func blame(_ first: JobRefusal, _ draft: JobDraft) {
        // Each key takes a reading of the flags; what is not shown does not need it.
        guard problems.count < ManifestError.limit else {
            return note(draft.inOwnNames(first.message), at: draft.place(mentionedIn: first.message))
        }
        var (rest, refusal, isFirst) = (draft, Optional(first), true)
        while let current = refusal {
            var faulty = rest.flags.filter { flag in
                // A key that only needs another one, which is present, is not a problem.
                guard let alone = refusalAlone(flag.words, draft), draft.flags(namedIn: alone.message) == [flag.key]
                else { return false }
                note(draft.inOwnNames(alone.message), at: flag.place)
                return true
            }.map(\.key)
            if faulty.isEmpty {
                let key = rest.key(mentionedIn: current.message)
                let isThere = rest.flags.contains { $0.key == key }
                guard isFirst || isThere else { return }
                note(rest.inOwnNames(current.message), at: rest.place(mentionedIn: current.message))
                guard let key, isThere else { return }
                faulty = [key]
            }
            rest.flags.removeAll { faulty.contains($0.key) }
            isFirst = false
            refusal = self.refusal(of: rest)
        }
    }

    private func refusal(of draft: JobDraft) -> JobRefusal? {
        do throws(JobRefusal) {
            _ = try meaning(of: draft)
            return nil
        } catch {
            return error
        }
    }

    private func refusalAlone(_ words: [String], _ draft: JobDraft) -> JobRefusal? {
        do throws(JobRefusal) {
            _ = try command.job(words + Self.tail(draft))
            return nil
        } catch {
            return error
        }
    }

    /// Every file is written by one job, and read by those only that come after it; what is read is there.
    mutating func checkFiles() {
        for (index, draft) in drafts.enumerated() where draft.isComplete {
            if let file = draft.writes.first(where: { writers[keys.key($0)] != index }) {
                let writer = writers[keys.key(file)].map { drafts[$0].name } ?? ""
                let place = draft.place(of: draft.companions.contains(file) ? "chunks" : "output")
                note("\(file.name) is already written by the job \(writer)", at: place)
            }
            var seen: Set<FilePath> = []
            if let twice = draft.writes.first(where: { !seen.insert(keys.key($0)).inserted }) {
                note("two outputs are both named \(twice.name)", at: draft.entry.place)
            }
            checkInputs(draft, index)
            checkReceipt(draft)
        }
    }

    /// No output replaces the manifest, or has the name of another's partial output.
    mutating func checkReserved(manifest: FilePath) {
        let manifest = keys.key(BatchJob.File(name: "", path: manifest))
        var partials: [FilePath: BatchJob.File] = [:]
        for draft in drafts { for file in draft.streams { partials[keys.key(file.partial)] = file } }
        for draft in drafts where draft.isComplete {
            for file in draft.writes where keys.key(file) == manifest {
                note("\(file.name) is the manifest; it cannot also be an output", at: draft.place(of: "output"))
            }
            for file in draft.writes + draft.sources + draft.inputs {
                guard let output = partials[keys.key(file)] else { continue }
                note("\(file.name) is the name of the partial output of \(output.name)", at: draft.entry.place)
            }
        }
    }

    private mutating func checkInputs(_ draft: JobDraft, _ index: Int) {
        let own = draft.sources.count
        for (number, file) in (draft.sources + draft.inputs).enumerated() {
            let place = draft.place(of: number < own ? draft.inputKey : "inputs")
            if let writer = writers[keys.key(file)] {
                guard writer != index else {
                    note("\(file.name) is an output of the same job", at: place)
                    continue
                }
                if drafts[writer].words.contains(Self.keepSmaller) {
                    note(
                        "\(file.name) may not be there: the job \(drafts[writer].name), which writes it, has keep-smaller",
                        at: place
                    )
                }
                guard !order.isBefore(writer, index) else { continue }
                guard draft.entry.origin != drafts[writer].entry.origin else {
                    note("\(file.name) is read and written by jobs of the same entry, which have no order", at: place)
                    continue
                }
                note(
                    "\(file.name) is written by the job \(drafts[writer].name): add after: [\(drafts[writer].name)]",
                    at: place
                )
            } else if draft.isMatch, number < own {
                // A matched file may be deleted by now, or may not be a file: the job fails by itself.
                continue
            } else if !Self.exists(file) {
                note("no such file: \(file.name)", at: place)
            } else if FileStamp(file.path) == nil {
                note("\(file.name) is not a regular file (to read frames from a program, use command:)", at: place)
            }
        }
    }

    /// A receipt is a regular file, or not there yet; one whose name was not given in the manifest is not a link either.
    private mutating func checkReceipt(_ draft: JobDraft) {
        guard let receipt = draft.receipt else { return }
        let isNamed = draft.fileFlags.contains { $0.flag == "receipt" }
        guard let entry = (try? NamedPlace(receipt.path, followsLink: isNamed))?.entry, !entry.isRegular else { return }
        let what = entry.isLink ? "a link, which is not followed" : "not a regular file"
        note("the receipt \(receipt.name) is \(what)", at: draft.place(of: isNamed ? "receipt" : "output"))
    }
}

extension JobDraft {
    /// Everything that the job writes.
    var writes: [BatchJob.File] { streams + [receipt].compactMap { $0 } }

    /// The output and the additional outputs that are written at the same time.
    var streams: [BatchJob.File] { [output].compactMap { $0 } + companions }
}
