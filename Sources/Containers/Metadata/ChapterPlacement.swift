internal import Synchronization

/// The chapters of one output. Those of an input are shifted by when the output begins in it, which its first frame tells, and all
/// are cut to the length of the output, as far as it is known when they are written.
///
/// Thread-safety: all methods may be called from any thread.
package final class ChapterPlacement: Sendable {
    private struct State {
        var origin: Int64 = 0
        var written: [Chapter] = []
        var outside = 0
        var unstored = 0
    }

    private let chapters: [Chapter]
    /// Times are those of the input, not of the output.
    private let areOfInput: Bool
    private let state = Mutex(State())

    package init(_ chapters: [Chapter], areOfInput: Bool) {
        (self.chapters, self.areOfInput) = (chapters, areOfInput)
    }

    /// The output begins at a time of the input, in microseconds.
    package func begin(at time: Int64) { if areOfInput { state.withLock { $0.origin = time } } }

    /// The chapters to write, in microseconds of the output.
    ///
    /// - Parameters:
    ///   - end: When the last frame ends; `nil` while it is not known.
    ///   - limit: Chapters that the container has room for.
    package func placed(endingAt end: Int64?, limit: Int = Chapter.limit) -> [Chapter] {
        state.withLock { state in
            let all = Self.placed(chapters, from: state.origin, endingAt: end)
            // What a cut of the input leaves out was not asked for.
            state.outside = areOfInput ? 0 : chapters.count - all.count
            state.unstored = max(0, all.count - limit)
            state.written = Array(all.prefix(limit))
            return state.written
        }
    }

    /// What was written; empty before it is.
    package var written: [Chapter] { state.withLock { $0.written } }

    /// What the user should know of chapters that were left out; `nil` if none was.
    package var notice: String? {
        let (outside, unstored) = state.withLock { ($0.outside, $0.unstored) }
        func count(_ number: Int) -> String { number == 1 ? "1 chapter is" : "\(number) chapters are" }
        let reasons = [
            outside > 0 ? "\(count(outside)) dropped, outside of the output's frames" : nil,
            unstored > 0
                ? "\(count(unstored)) dropped, for which fragments have no room (use a file without them, or mkv)"
                : nil,
        ].compactMap(\.self)
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }

    /// Chapters from a time on, cut to an end.
    static func placed(_ chapters: [Chapter], from origin: Int64, endingAt limit: Int64?) -> [Chapter] {
        chapters.indices.compactMap { index in
            let next = index + 1 < chapters.count ? chapters[index + 1].start : nil
            let start = chapters[index].start - origin
            let own = (chapters[index].end ?? next).map { $0 - origin }
            if let limit, start >= limit { return nil }
            // A chapter without a length is kept where it begins.
            if start < 0, let own, own <= 0 { return nil }
            let first = max(0, start)
            let last = min(own ?? limit ?? first, limit ?? .max)
            return Chapter(start: first, end: max(first, last), title: chapters[index].title)
        }
    }
}

extension ChapterPlacement: Hashable {
    /// Each is its own.
    package static func == (a: ChapterPlacement, b: ChapterPlacement) -> Bool { a === b }
    /// Its identity.
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
