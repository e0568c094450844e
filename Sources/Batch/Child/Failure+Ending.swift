internal import Sluice
internal import SystemPackage

extension Failure {
    /// The failure that an ended command has reported, or the meaning of its exit status.
    ///
    /// - Parameter lines: What it wrote to standard output.
    init(_ ending: ChildProcess.Ending, saying lines: [String], program: String) {
        for line in lines.reversed() {
            guard let object = try? JSON.decode(Failure.Object.self, from: Array(line.utf8)) else { continue }
            self = object.error
            return
        }
        switch ending.signal {
        case 0:
            self.init(
                .defect,
                name: "defect",
                message: "\(program) exited with status \(ending.status) and no error message"
            )
        case 9:
            self.init(
                .temporary,
                name: "killed",
                message: "\(program) was killed (signal 9), possibly because memory ran out"
            )
        case 2, 15:
            self.init(.temporary, name: "terminated", message: "\(program) was ended by signal \(ending.signal)")
        default: self.init(.defect, name: "crashed", message: "\(program) crashed (signal \(ending.signal))")
        }
    }

    /// The failure of a command that makes frames. One that a signal has ended may do better the next time; so may one whose
    /// shell gives the signal of what it ran as its status.
    init(producer ending: ChildProcess.Ending, program: String) {
        let signal = ending.signal != 0 ? ending.signal : (129..<160).contains(ending.status) ? ending.status - 128 : 0
        guard signal == 0 else {
            let how =
                ending.signal != 0
                ? "was killed by signal \(signal)" : "exited with \(ending.status) (signal \(signal))"
            self.init(.temporary, name: "producerKilled", message: "the command \(program) \(how)")
            return
        }
        self.init(
            ending.status == ExitStatus.temporary.code ? .temporary : .badInput,
            name: "producerFailed",
            message: "the command \(program) exited with status \(ending.status); frames may be missing"
        )
    }

    init(_ error: ChildProcess.StartError) {
        // A program that was just written may still be open for writing; missing descriptors are returned by other jobs.
        let isPassing = [
            .resourceTemporarilyUnavailable, .noMemory, .textFileBusy, .tooManyOpenFiles, .tooManyOpenFilesInSystem,
        ].contains(error.errno)
        self.init(
            isPassing ? .temporary : .unavailable,
            name: "cannotStart",
            message: "\(error.program) cannot be started: \(error.errno)"
        )
    }
}
