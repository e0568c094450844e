package import Ingest
package import Jobs
internal import Places
package import SystemPackage
package import VideoTypes

/// `--frame-options`: one JSON object a line, each about one frame.
package enum FrameOptionsFile {
    /// The most bytes that such a file may have.
    package static let limit = 64 << 20

    /// What such a file has.
    package struct Contents: Sendable {
        /// The options, by frame.
        package var options: [Int: EncodeOptions] = [:]
        /// The frames' times; `nil` if no line has one.
        package var times: FrameTimes?
    }

    private struct Line: Decodable {
        let frame: Int
        let options: EncodeOptions
        let timestamp: Int64?
        let duration: Int64?

        private static let keys = ["frame", "keyFrame", "quantizer", "qindex", "timestamp", "duration"]

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            if let unknown = values.allKeys.first(where: { !Self.keys.contains($0.stringValue) }) {
                let expected = "expected frame, keyFrame, quantizer, qindex, timestamp or duration"
                throw Problem("unknown key \"\(unknown.stringValue)\" (\(expected))")
            }
            frame = try values.decode(Int.self, forKey: Key(stringValue: "frame"))
            options = EncodeOptions(
                keyFrame: try values.decodeIfPresent(Bool.self, forKey: Key(stringValue: "keyFrame")) ?? false,
                quantizer: try values.decodeIfPresent(Int.self, forKey: Key(stringValue: "quantizer")),
                quantizerIndex: try values.decodeIfPresent(Int.self, forKey: Key(stringValue: "qindex"))
            )
            timestamp = try values.decodeIfPresent(Int64.self, forKey: Key(stringValue: "timestamp"))
            duration = try values.decodeIfPresent(Int64.self, forKey: Key(stringValue: "duration"))
        }
    }

    private struct Problem: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// Reads such a file, or a pipe, until its end or an interrupt.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - codec: The codec that the quantizers are for; an unknown codec is refused by the encoder.
    ///   - interrupt: Ends reading early.
    ///   - firstFrame: The number in the input of the first encoded frame, which is frame 0 here. The default is 0.
    ///   - timeout: How long a pipe may deliver nothing. `nil`, the default, waits without a limit.
    /// - Throws: ``JobError``, with the number of the invalid line.
    package static func read(
        _ path: FilePath,
        for codec: VideoCodec?,
        interrupt: Interrupt,
        firstFrame: Int = 0,
        timeout: Duration? = nil
    ) throws(JobError) -> Contents {
        try parse(
            try contents(path, interrupt, timeout),
            for: codec,
            name: path.spelled,
            firstFrame: firstFrame,
            interrupt: interrupt
        )
    }

    /// Reads the contents of such a file, called `name` in messages, until their end or an interrupt.
    package static func parse(
        _ bytes: [UInt8],
        for codec: VideoCodec?,
        name: String,
        firstFrame: Int = 0,
        interrupt: Interrupt = Interrupt()
    ) throws(JobError) -> Contents {
        var (contents, times) = (Contents(), FrameOptionTimes())
        for (number, line) in NumberedLines(bytes) {
            guard !interrupt.isTriggered else { return contents }
            let entry = try parse(Array(line), for: codec, at: "\(name):\(number)")
            guard contents.options.updateValue(entry.options, forKey: entry.frame) == nil else {
                throw wrong("\(name):\(number)", "frame \(entry.frame) is listed twice")
            }
            times.add(entry.timestamp, lasting: entry.duration, frame: entry.frame, line: number)
        }
        contents.times = try times.list(name, firstFrame: firstFrame)
        return contents
    }

    private static func contents(
        _ path: FilePath,
        _ interrupt: Interrupt,
        _ timeout: Duration?
    ) throws(JobError) -> [UInt8] {
        do throws(IngestError) {
            return try ByteSource.contents(path, limit: limit, interrupt: interrupt, timeout: timeout)
        } catch .damaged(_, let reason) {
            throw wrong(path.spelled, reason)
        } catch {
            throw .input(error)
        }
    }

    private static func parse(_ line: [UInt8], for codec: VideoCodec?, at place: String) throws(JobError) -> Line {
        let entry: Line
        do throws(JSON.ReadFailure) {
            entry = try JSON.decode(Line.self, from: line)
        } catch {
            let example = "not an object such as {\"frame\":12,\"keyFrame\":true,\"quantizer\":20}"
            throw wrong(place, error.namesKey ? error.reason : example)
        }
        guard entry.frame >= 0 else { throw wrong(place, "frame \(entry.frame) is negative; the first frame is 0") }
        do throws(EncoderConfigError) {
            if let codec { _ = try entry.options.quantizerLevel(for: codec) }
        } catch {
            throw wrong(place, error.description)
        }
        return entry
    }

    private static func wrong(_ place: String, _ reason: String) -> JobError {
        .frameOptions("\(place): \(reason)")
    }
}
