import Foundation
import Testing

/// A codec in a format that carries it.
struct Carriage: CustomTestStringConvertible, Sendable {
    let codec: String
    let format: String
    let file: String

    var testDescription: String { "\(codec) in \(format)" }

    private static func list(_ formats: [String], _ files: [String], _ codecs: [String]) -> [Carriage] {
        zip(formats, files).flatMap { format, file in
            codecs.map { Carriage(codec: $0, format: format, file: "out.\(file)") }
        }
    }

    static let avc = list(["annexb"], ["h264"], ["h264"]) + list(["annexb"], ["hevc"], ["hevc"])
    static let ivf = list(["ivf"], ["ivf"], ["vp8", "vp9", "av1"])
    static let obu = list(["obu"], ["obu"], ["av1"])
    static let obuAnnexB = list(["obu-annexb"], ["annexb.obu"], ["av1"])
    static let mp4 = list(["mp4"], ["mp4"], ["h264", "hevc", "vp9", "av1"])
    static let mov = list(["mov"], ["mov"], ["h264", "hevc"])
    static let mkv = list(["mkv"], ["mkv"], ["h264", "hevc", "vp8", "vp9", "av1"])
    static let webm = list(["webm"], ["webm"], ["vp8", "vp9", "av1"])

    /// All that ffprobe can open.
    static let all = avc + ivf + obu + obuAnnexB + mp4 + mov + mkv + webm

    static let withChunks = all.filter(\.hasChunks)

    static let containers = mp4 + mov + mkv + webm

    /// WebCodecs takes what the format holds.
    var hasChunks: Bool { format != "obu-annexb" }

    /// The parameter sets are outside of the stream, and lengths replace the start codes of Annex B.
    var hasLengths: Bool { ["h264", "hevc"].contains(codec) && format != "annexb" }
}

/// Settings with which each encoder is quick.
enum Quick {
    static let size = "-s 64x48 -r 30000/1001"
    static let frames = 12

    static func flags(_ codec: String) -> String {
        switch codec {
        case "h264", "hevc": "--codec \(codec) --preset veryfast"
        case "av1": "--codec \(codec) --preset 6"
        default: "--codec \(codec) --preset 5"
        }
    }
}

extension TemporaryFolder {
    /// Raw frames of moving bars.
    func source(_ pixelFormat: String = "i420", size: String = "64x48", frames: Int = Quick.frames) throws -> String {
        let name = "in-\(pixelFormat)-\(size)-\(frames).raw"
        if !exists(name) { try succeed("sluice testsrc -s \(size) -p \(pixelFormat) --frames \(frames) -o \(name)") }
        return name
    }

    /// Frames of 64x48 that no encoder makes small.
    func noise(frames: Int) throws -> String {
        var generator = SystemRandomNumberGenerator()
        try write(
            (0..<(frames * 64 * 48 * 3 / 2)).map { _ in UInt8.random(in: 16...235, using: &generator) },
            to: "noise.raw"
        )
        return "noise.raw"
    }

    /// A stream that any decoder reads, made only of the bytes that the chunk lines refer to.
    func rebuild(_ file: String, _ lines: String, _ carriage: Carriage) throws -> String {
        let (bytes, chunks) = (try bytes(file), try chunks(lines))
        let payloads = chunks.map { Array(bytes[$0.offset..<($0.offset + $0.size)]) }
        switch carriage.codec {
        case "h264", "hevc":
            let text = chunks.first?.decoderConfig?.description
            let record = text.flatMap { Data(base64Encoded: $0) }.map(Array.init) ?? []
            let sets = ParameterSets.units(record, isHEVC: carriage.codec == "hevc")
            let units: [[UInt8]] = sets + payloads.flatMap(LengthPrefixed.units)
            let framed: [UInt8] = units.flatMap { [0, 0, 0, 1] + $0 }
            try write(carriage.hasLengths ? framed : Array(payloads.joined()), to: "rebuilt.\(carriage.codec)")
            return "rebuilt.\(carriage.codec)"
        default:
            try write(IVF.file(payloads, codec: carriage.codec), to: "rebuilt.ivf")
            return "rebuilt.ivf"
        }
    }
}

/// NAL units after four-byte lengths.
enum LengthPrefixed {
    static func units(_ bytes: [UInt8]) -> [[UInt8]] {
        var (place, units) = (0, [[UInt8]]())
        while place + 4 <= bytes.count {
            let size = bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
            guard place + 4 + size <= bytes.count else { return [] }
            units.append(Array(bytes[(place + 4)..<(place + 4 + size)]))
            place += 4 + size
        }
        return units
    }
}

/// The NAL units of an avcC or hvcC record (ISO/IEC 14496-15).
enum ParameterSets {
    static func units(_ record: [UInt8], isHEVC: Bool) -> [[UInt8]] {
        isHEVC ? hevc(record) : avc(record)
    }

    private static func avc(_ record: [UInt8]) -> [[UInt8]] {
        guard record.count > 6 else { return [] }
        var (place, units) = (6, [[UInt8]]())
        for _ in 0..<(record[5] & 31) { units.append(take(record, &place)) }
        let count = place < record.count ? record[place] : 0
        place += 1
        for _ in 0..<count { units.append(take(record, &place)) }
        return units
    }

    private static func hevc(_ record: [UInt8]) -> [[UInt8]] {
        guard record.count > 23 else { return [] }
        var (place, units) = (23, [[UInt8]]())
        for _ in 0..<record[22] where place + 3 <= record.count {
            let count = Int(record[place + 1]) << 8 | Int(record[place + 2])
            place += 3
            for _ in 0..<count { units.append(take(record, &place)) }
        }
        return units
    }

    private static func take(_ record: [UInt8], _ place: inout Int) -> [UInt8] {
        guard place + 2 <= record.count else { return [] }
        let end = min(record.count, place + 2 + (Int(record[place]) << 8 | Int(record[place + 1])))
        defer { place = end }
        return Array(record[(place + 2)..<end])
    }
}

/// The smallest IVF file.
enum IVF {
    static func file(_ frames: [[UInt8]], codec: String) -> [UInt8] {
        let name = ["vp8": "VP80", "vp9": "VP90", "av1": "AV01"][codec] ?? "????"
        let header = Array("DKIF".utf8) + [0, 0, 32, 0] + Array(name.utf8) + [64, 0, 48, 0] + number(30) + number(1)
        return frames.enumerated().reduce(header + number(frames.count) + number(0)) { file, frame in
            file + number(frame.element.count) + number(frame.offset) + number(0) + frame.element
        }
    }

    private static func number(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
