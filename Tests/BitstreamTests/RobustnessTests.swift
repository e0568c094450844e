import Bitstream
import TestSupport
import Testing

@Suite("Random and damaged input")
struct RobustnessTests {
    /// Streams whose headers between them use most of the syntax.
    private static let recipes: [TestStream.Recipe] = [
        .init("--profile baseline --preset ultrafast"),
        .init("--tff --bitrate 300 --vbv-maxrate 300 --vbv-bufsize 300 --nal-hrd vbr --sar 1001:1000"),
        .init("--profile high444 --cqm jvt --weightp 2 --bframes 4 --ref 5", pixelFormat: "yuv444p"),
    ]

    /// A parser, and inputs that it takes.
    private struct Subject {
        let name: String
        let valid: [[UInt8]]
        let parse: ([UInt8]) throws -> Void
    }

    private func subjects() throws -> [Subject] {
        let streams = try Self.recipes.map { try TestStream($0) }
        let parameters = try streams.map { stream in
            let sps = try stream.first(.sequenceParameterSet)
            return (
                sps: sps, pps: try stream.first(.pictureParameterSet), values: try SequenceParameterSet(parsing: sps)
            )
        }
        let records = try parameters.map { try AVCDecoderConfigurationRecord(sps: [$0.sps], pps: [$0.pps]).bytes }
        let slices = try streams.flatMap { stream in
            try stream.nalUnits.filter { try NALUnitHeader(parsing: $0).type.isVCL }.map { Array($0.prefix(200)) }
        }
        let y4m = "YUV4MPEG2 W352 H288 F30000:1001 Ip A128:117 C420jpeg XYSCSS=420JPEG XCOLORRANGE=FULL"
        let sets = try parameters.map { ($0.values, try PictureParameterSet(parsing: $0.pps, sps: $0.values)) }
        return [
            Subject(name: "SPS", valid: parameters.map(\.sps)) { _ = try SequenceParameterSet(parsing: $0) },
            Subject(name: "rewriting", valid: parameters.map(\.sps)) { bytes in
                for profile in [66, 100, 244] as [UInt8] {
                    _ = try SequenceParameterSet.rewriting(bytes, profileIdc: profile, constraints: 0, levelIdc: 40)
                }
            },
            Subject(name: "PPS", valid: parameters.map(\.pps)) { bytes in
                for (sps, _) in sets.dropLast() { _ = try? PictureParameterSet(parsing: bytes, sps: sps) }
                _ = try PictureParameterSet(parsing: bytes, sps: sets[sets.count - 1].0)
            },
            Subject(name: "slice header", valid: slices) { bytes in
                for (sps, pps) in sets { _ = try? SliceHeader(parsing: bytes, sps: sps, pps: pps) }
                _ = try SliceHeader.pictureParameterSetID(of: bytes[...])
            },
            Subject(name: "avcC", valid: records) { bytes in
                let record = try AVCDecoderConfigurationRecord(parsing: bytes)
                #expect(try AVCDecoderConfigurationRecord(parsing: record.bytes) == record)
            },
            Subject(name: "Annex B", valid: streams.map { Array($0.bytes.prefix(400)) }) { _ = AnnexB.split($0) },
            Subject(name: "length-prefixed", valid: [[0, 0, 0, 2, 0x65, 1, 0, 0, 0, 1, 9]]) { bytes in
                for size in [1, 2, 4] { _ = try LengthPrefixed.split(bytes, lengthSize: size) }
            },
            Subject(name: "unescape", valid: slices) { _ = EmulationPrevention.unescape($0, limit: 100) },
            Subject(name: "Y4M header", valid: [Array(y4m.utf8)]) { _ = try Y4MHeader(parsing: $0) },
            Subject(name: "Y4M frame line", valid: [Array("FRAME Ippp".utf8)]) { try Y4MFrameHeader.check($0) },
        ]
    }

    @Test("Random and damaged input is an error or a value, and never a trap", .timeLimit(.minutes(2)))
    func neverTraps() throws {
        var generator = SeededGenerator(for: "robustness")
        for subject in try subjects() {
            var failures = 0
            for _ in 0..<10_000 {
                let input = input(for: subject, &generator)
                do { try subject.parse(input) } catch {
                    failures += 1
                    #expect(error is BitstreamError, "\(subject.name): \(error)")
                }
            }
            print("\(subject.name): \(failures) of 10000 inputs refused")
        }
    }

    private func input(for subject: Subject, _ generator: inout SeededGenerator) -> [UInt8] {
        guard Int.random(in: 0..<4, using: &generator) != 0, var bytes = subject.valid.randomElement(using: &generator)
        else {
            let noise = generator.bytes(upTo: 100)
            let header = subject.valid.randomElement(using: &generator)?.prefix(.random(in: 0...4, using: &generator))
            return (header ?? []) + noise
        }
        for _ in 0..<Int.random(in: 1...6, using: &generator) { mutate(&bytes, &generator) }
        return bytes
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard let place = bytes.indices.randomElement(using: &generator) else { return }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = .random(in: 0...255, using: &generator)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert([0, 1, 3, 0xFF].randomElement(using: &generator) ?? 0, at: place)
        default: bytes.removeLast(bytes.count - place)
        }
    }
}
