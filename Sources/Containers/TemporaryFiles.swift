package import Places
internal import Threading

/// The files of a run that do not have their names yet, so that a run that is cut short can remove them.
///
/// Thread-safety: all methods may be called from any thread.
public final class TemporaryFiles: Sendable {
    private struct Names {
        var places: Set<NamedPlace> = []
        /// What is open, and the name that it will have.
        var outputs: [(name: FileName, entry: FileEntry)] = []
        /// How often everything was removed: what was begun before gets no name any more.
        var period = 0
    }

    private let names = Monitor(Names())

    private let opening = Monitor(Opening())

    private struct Opening {
        var count = 0
        var isInterrupted = false
    }

    /// No files.
    public init() {}

    /// A signal has arrived. From here on, no opening waits for a reader.
    ///
    /// - Returns: Whether an opening waits at this moment: then nothing has been written yet, and a signal may end the program.
    public func interrupt() -> Bool {
        opening.withLock { opening in
            opening.isInterrupted = true
            return opening.count > 0
        }
    }

    /// - Returns: Whether to wait for a reader; no if a signal has come.
    func beginOpening() -> Bool {
        opening.withLock { opening in
            if !opening.isInterrupted { opening.count += 1 }
            return !opening.isInterrupted
        }
    }

    func endOpening() { opening.withLock { $0.count -= 1 } }

    var period: Int { names.withLock { $0.period } }

    func add(_ place: NamedPlace) { names.withLock { _ = $0.places.insert(place) } }

    func forget(_ place: NamedPlace) { names.withLock { _ = $0.places.remove(place) } }

    func begin(_ name: FileName, _ entry: FileEntry) { names.withLock { $0.outputs.append((name, entry)) } }

    func end(_ entry: FileEntry) { names.withLock { $0.outputs.removeAll { $0.entry.isSame(as: entry) } } }

    /// The files that are open and will get names, each with its numbers as they were when it was opened.
    package var outputs: [(name: FileName, entry: FileEntry)] { names.withLock { $0.outputs } }

    /// Removes every remaining file. A file that cannot be removed stays: an error can no longer be reported.
    public func removeAll() {
        let left = names.withLock { names in
            defer { names = Names(period: names.period + 1) }
            return names.places
        }
        for place in left { place.unlink() }
    }
}
