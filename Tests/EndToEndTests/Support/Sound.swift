import Foundation
import Testing

/// A packet as ffprobe sees it: when it begins, and the digest of its bytes.
struct ProbedPacket: Equatable {
    let time: Double
    let hash: String
}

extension TemporaryFolder {
    /// The packets of a stream such as `a:0`, in the container's order.
    func packets(_ name: String, _ stream: String) throws -> [ProbedPacket] {
        let show = "-show_entries packet=pts_time,data_hash -show_data_hash MD5 -of compact=p=0"
        // Side data tears a packet's line in two.
        var time = Double.nan
        return try succeed("ffprobe -v error -select_streams \(stream) \(show) \(name)").lines.compactMap { line in
            var hash: String?
            for field in line.split(separator: "|") {
                if field.hasPrefix("pts_time=") { time = Double(field.dropFirst(9)) ?? .nan }
                if field.hasPrefix("data_hash=") { hash = String(field.dropFirst(10)) }
            }
            return hash.map { ProbedPacket(time: time, hash: $0) }
        }
    }

    /// A second of moving pictures in H.264 at 25 a second, and sound.
    ///
    /// - Parameters:
    ///   - sound: ffmpeg's options for the audio.
    ///   - seconds: How long both last.
    ///   - inputs: More of ffmpeg's inputs.
    func film(_ name: String, _ sound: String, seconds: Int = 2, size: String = "96x64", inputs: String = "") throws {
        let picture = "-f lavfi -i testsrc2=size=\(size):rate=25:duration=\(seconds)"
        let tone = "-f lavfi -i 'sine=440:sample_rate=48000:duration=\(seconds)'"
        let video = "-c:v libx264 -preset veryfast -bf 2 -pix_fmt yuv420p"
        try succeed("ffmpeg -v error -y \(picture) \(tone) \(inputs) \(video) -strict -2 \(sound) \(name)")
    }

    /// The receipt's values for audio.
    func carriedAudio(_ receipt: String) throws -> [CarriedAudio] {
        struct Holder: Decodable {
            struct Output: Decodable { let audio: [CarriedAudio]? }
            let output: Output
        }
        return try JSONDecoder().decode(Holder.self, from: Data(try bytes(receipt))).output.audio ?? []
    }
}

/// A receipt's values for an audio stream.
struct CarriedAudio: Decodable, Equatable {
    let codec: String
    let packets: Int
    let bytes: Int
    let leftOut: Int
}

/// Puts the fragments of an MP4 into another order.
enum Fragments {
    /// - Parameters:
    ///   - bytes: Fragments of one track each (`separate_moof`), whose offsets count from their own beginning.
    ///   - track: The track whose fragments will be after all others.
    static func moved(_ bytes: [UInt8], last track: UInt8) -> [UInt8] {
        var (place, head, parts) = (0, [UInt8](), [(track: UInt8, bytes: [UInt8])]())
        while place + 8 <= bytes.count {
            let size = bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
            let box = Array(bytes[place..<(place + size)])
            switch String(decoding: box[4..<8], as: UTF8.self) {
            case "moof":
                let header = box.firstRange(of: Array("tfhd".utf8))?.upperBound ?? 0
                parts.append((box[header + 7], box))
            case "mdat": parts[parts.count - 1].bytes += box
            case "mfra": break
            default: head += box
            }
            place += size
        }
        let others = parts.filter { $0.track != track } + parts.filter { $0.track == track }
        return head + others.flatMap(\.bytes)
    }
}
