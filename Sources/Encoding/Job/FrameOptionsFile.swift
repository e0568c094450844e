package import Ingest
package import Jobs
internal import Places
package import SystemPackage
package import VideoTypes

/// `--frame-options`: one JSON object a line, each about one frame.
package enum FrameOptionsFile {
    /// The most bytes that such a file may have.
    package static let limit = 64 << 20

    private struct Line: Decodable {
        let frame: Int
        let options: EncodeOptions

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            if let unknown = values.allKeys.first(where: {
                !["frame", "keyFrame", "quantizer", "qindex"].contains($0.stringValue)
            }) {
                throw Problem("unknown key \"\(unknown.stringValue)\" (expected frame, keyFrame, quantizer or qindex)")
            }
            frame = try values.decode(Int.self, forKey: Key(stringValue: "frame"))
            options = EncodeOptions(
                keyFrame: try values.decodeIfPresent(Bool.self, forKey: Key(stringValue: "keyFrame")) ?? false,
                quantizer: try values.decodeIfPresent(Int.self, forKey: Key(stringValue: "quantizer")),
                quantizerIndex: try values.decodeIfPresent(Int.self, forKey: Key(stringValue: "qindex"))
            )
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
    ///   - timeout: How long a pipe may deliver nothing. `nil`, the default, waits without a limit.
    /// - Returns: The options, by frame.
    /// - Throws: ``JobError``, with the number of the invalid line.
    package static func read(
        _ path: FilePath,
        for codec: VideoCodec?,
        interrupt: Interrupt,
        timeout: Duration? = nil
    ) throws(JobError) -> [Int: EncodeOptions] {
        try parse(try contents(path, interrupt, timeout), for: codec, name: path.spelled, interrupt: interrupt)
    }

    /// Reads the contents of such a file, called `name` in messages, until their end or an interrupt.
    package static func parse(
        _ bytes: [UInt8],
        for codec: VideoCodec?,
        name: String,
        interrupt: Interrupt = Interrupt()
    ) throws(JobError) -> [Int: EncodeOptions] {
        var all: [Int: EncodeOptions] = [:]
        // One line at a time: a list of all lines would take many times the file's own size.
        var (rest, number) = (bytes[...], 0)
        while !rest.isEmpty {
            number += 1
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            guard !line.allSatisfy({ [9, 13, 32].contains($0) }) else { continue }
            guard !interrupt.isTriggered else { return all }
            let entry = try parse(Array(line), for: codec, at: "\(name):\(number)")
            guard all.updateValue(entry.options, forKey: entry.frame) == nil else {
                throw wrong("\(name):\(number)", "frame \(entry.frame) is listed twice")
            }
        }
        return all
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
