internal import VideoTypes

/// How far a job is, as `--progress json` writes it and a batch reads it: one object on one line.
///
/// It is written by ``line`` alone: ``JSON`` sorts keys, leaves out what is unknown, and gives as many digits as there are.
package struct ProgressRecord: Decodable, Hashable, Sendable {
    /// Chunks that have been written; each is one frame.
    package let frames: Int
    /// Frames that have been read.
    package let framesIn: Int
    /// Frames that there will be; `nil`, which is written as null, if nobody knows.
    package let totalFrames: Int?
    /// Bytes of the input that have been read.
    package let bytesIn: Int
    /// Bytes that have been written.
    package let bytesOut: Int
    /// Frames encoded a second.
    package let fps: Double
    /// Seconds of video encoded a second.
    package let speed: Double
    /// Bits a second of video.
    package let bitrate: Double
    /// Seconds since the job began.
    package let seconds: Double
    /// Seconds until the end; `nil`, which is written as null, if nobody knows.
    package let secondsLeft: Double?
    /// The stage that everyone else waits for.
    package let bottleneck: JobProgress.Stage

    /// A job at one moment.
    package init(_ snapshot: JobProgress.Snapshot) {
        (frames, framesIn) = (snapshot.chunksOut, snapshot.framesIn)
        totalFrames = snapshot.knownFrames
        (bytesIn, bytesOut) = (snapshot.bytesIn, snapshot.bytesOut)
        (fps, speed, bitrate) = (snapshot.framesPerSecond, snapshot.speed, snapshot.bitrate)
        (seconds, secondsLeft) = (snapshot.seconds, snapshot.secondsLeft)
        bottleneck = snapshot.bottleneck
    }
}

extension ProgressRecord {
    private struct Object: Decodable { let progress: ProgressRecord }

    private enum CodingKeys: CodingKey {
        case frames, framesIn, totalFrames, bytesIn, bytesOut, fps, speed, bitrate, seconds, secondsLeft, bottleneck
    }

    /// Reads a line; `nil` if it is of something else.
    package init?(_ line: String) {
        guard let object = try? JSON.decode(Object.self, from: Array(line.utf8)) else { return nil }
        self = object.progress
    }

    /// Reads the object. Negative counts and those over ``ClaimedCount/limit`` are errors.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        (frames, framesIn) = (try values.count(.frames), try values.count(.framesIn))
        totalFrames = try values.decodeIfPresent(ClaimedCount.self, forKey: .totalFrames)?.value
        (bytesIn, bytesOut) = (try values.count(.bytesIn), try values.count(.bytesOut))
        fps = try values.decode(Double.self, forKey: .fps)
        speed = try values.decode(Double.self, forKey: .speed)
        bitrate = try values.decode(Double.self, forKey: .bitrate)
        seconds = try values.decode(Double.self, forKey: .seconds)
        secondsLeft = try values.decodeIfPresent(Double.self, forKey: .secondsLeft)
        let stage = try values.decode(String.self, forKey: .bottleneck)
        guard let bottleneck = JobProgress.Stage(rawValue: stage) else {
            throw DecodingError.dataCorruptedError(
                forKey: .bottleneck,
                in: values,
                debugDescription: "no stage \(stage)"
            )
        }
        self.bottleneck = bottleneck
    }

    /// The object on one line, without a line feed: the keys in the order of this type, three digits after each point.
    package var line: String {
        let values: [(CodingKeys, String)] = [
            (.frames, "\(frames)"), (.framesIn, "\(framesIn)"), (.totalFrames, totalFrames.map { "\($0)" } ?? "null"),
            (.bytesIn, "\(bytesIn)"), (.bytesOut, "\(bytesOut)"),
            (.fps, Self.number(fps)), (.speed, Self.number(speed)), (.bitrate, Self.number(bitrate)),
            (.seconds, Self.number(seconds)), (.secondsLeft, secondsLeft.map(Self.number) ?? "null"),
            (.bottleneck, "\"\(bottleneck.rawValue)\""),
        ]
        return "{\"progress\":{" + values.map { "\"\($0.stringValue)\":\($1)" }.joined(separator: ",") + "}}"
    }

    /// 0 for values that JSON does not have.
    private static func number(_ value: Double) -> String {
        value.isFinite && abs(value) < 1e15 ? Quantity.decimals(value, 3) : "0"
    }
}
