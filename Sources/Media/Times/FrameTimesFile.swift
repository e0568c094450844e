package import Ingest
package import Jobs
internal import Places
package import SystemPackage
package import VideoTypes

/// `--frame-times`: a line for each frame, of mkvmerge's timestamp format v2 or v4, or a JSON object.
package enum FrameTimesFile {
    /// The most bytes that such a file may have.
    package static let limit = 64 << 20

    /// Reads such a file, or a pipe, until its end or an interrupt.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - interrupt: Ends reading early.
    ///   - timeout: How long a pipe may deliver nothing. `nil`, the default, waits without a limit.
    /// - Throws: ``JobError/frameTimes(_:)`` with the number of the invalid line and its value.
    package static func read(
        _ path: FilePath,
        interrupt: Interrupt,
        timeout: Duration? = nil
    ) throws(JobError) -> FrameTimes {
        let bytes: [UInt8]
        do throws(IngestError) {
            bytes = try ByteSource.contents(path, limit: limit, interrupt: interrupt, timeout: timeout)
        } catch .damaged(_, let reason) {
            throw .frameTimes("\(path.spelled): \(reason)")
        } catch {
            throw .input(error)
        }
        // What an interrupt cut off is not a list.
        guard !interrupt.isTriggered else { throw .interrupted }
        return try parse(bytes, name: path.spelled)
    }

    /// Reads the contents of such a file, called `name` in messages.
    package static func parse(_ bytes: [UInt8], name: String) throws(JobError) -> FrameTimes {
        // mkvmerge for Windows begins its text files with a byte order mark.
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var lines = NumberedLines(bytes, from: start)
        guard let first = lines.next() else { throw .frameTimes("\(name) has no times") }
        if first.bytes.first == UInt8(ascii: "{") { return try jsonLines(NumberedLines(bytes, from: start), name) }
        try checkHeader(String(decoding: first.bytes, as: UTF8.self), "\(name):\(first.number)")
        return try milliseconds(lines, name)
    }

    private static func checkHeader(_ line: String, _ place: String) throws(JobError) {
        let words = line.lowercased().split { !$0.isLetter && !$0.isNumber }
        let isHeader = line.contains("#") && words.count == 3 && words[1] == "format"
        guard isHeader, ["timestamp", "timestamps", "timecode", "timecodes"].contains(words[0]) else {
            let expected = "\"# timestamp format v2\" and milliseconds, or JSON lines such as \(FrameTimeLine.example)"
            throw .frameTimes("\(place): the file is not a list of times (expected \(expected))")
        }
        // Version 4 differs from 2 in that its times may have any order, which frames that are shown do not have.
        guard ["v2", "v4"].contains(words[2]) else {
            throw .frameTimes("\(place): timestamp format \(words[2]) is not supported (use v2: a time for each frame)")
        }
    }

    private static func milliseconds(_ lines: NumberedLines, _ name: String) throws(JobError) -> FrameTimes {
        var (times, numbers): ([DecimalTime], [Int]) = ([], [])
        for (number, bytes) in lines {
            guard bytes.first != UInt8(ascii: "#") else { continue }
            let time: DecimalTime
            do throws(DecimalTime.Fault) { time = try DecimalTime(milliseconds: bytes) } catch {
                let text = String(decoding: bytes, as: UTF8.self)
                throw .frameTimes("\(name):\(number): \(text.prefix(40)) \(error.reason)")
            }
            if let last = times.last, time.microseconds <= last.microseconds {
                let rule = time.nanoseconds > last.nanoseconds ? " (to the microsecond)" : ""
                let text = String(decoding: bytes, as: UTF8.self)
                throw .frameTimes("\(name):\(number): \(text) ms is not after the time before it, \(last) ms\(rule)")
            }
            times.append(time)
            numbers.append(number)
        }
        let ticks = DecimalTime.ticksPerSecond(times)
        return try checked(name, numbers) { () throws(FrameTimes.Fault) in
            try FrameTimes(times.map(\.microseconds), ticksPerSecond: ticks)
        }
    }

    private static func jsonLines(_ lines: NumberedLines, _ name: String) throws(JobError) -> FrameTimes {
        var (times, durations, numbers): ([Int64], [Int: Int64], [Int]) = ([], [:], [])
        for (number, bytes) in lines {
            let line: FrameTimeLine
            do throws(JSON.ReadFailure) { line = try JSON.decode(FrameTimeLine.self, from: Array(bytes)) } catch {
                let reason = error.namesKey ? error.reason : "not an object such as \(FrameTimeLine.example)"
                let text = String(decoding: bytes.prefix(80), as: UTF8.self)
                throw .frameTimes("\(name):\(number): \(reason): \(text)")
            }
            durations[times.count] = line.duration
            times.append(line.timestamp)
            numbers.append(number)
        }
        return try checked(name, numbers) { () throws(FrameTimes.Fault) in
            try FrameTimes(times, durations: durations)
        }
    }

    /// A fault of a list, at its line.
    private static func checked(
        _ name: String,
        _ numbers: [Int],
        _ make: () throws(FrameTimes.Fault) -> FrameTimes
    ) throws(JobError) -> FrameTimes {
        do throws(FrameTimes.Fault) {
            return try make()
        } catch {
            guard numbers.indices.contains(error.index) else { throw .frameTimes("\(name) has no times") }
            throw .frameTimes("\(name):\(numbers[error.index]): \(error.description)")
        }
    }
}

/// A line of JSON about one frame's time.
private struct FrameTimeLine: Decodable {
    static let example = "{\"timestamp\":33300,\"duration\":16700} (microseconds)"

    let timestamp: Int64
    let duration: Int64?

    private enum Key: String, CodingKey, CaseIterable { case timestamp, duration }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct UnknownKey: Error, CustomStringConvertible {
        let key: String
        var description: String { "unknown key \"\(key)\" (expected timestamp or duration)" }
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        if let unknown = keys.first(where: { Key(rawValue: $0) == nil }) { throw UnknownKey(key: unknown) }
        let values = try decoder.container(keyedBy: Key.self)
        timestamp = try values.decode(Int64.self, forKey: .timestamp)
        duration = try values.decodeIfPresent(Int64.self, forKey: .duration)
    }
}
