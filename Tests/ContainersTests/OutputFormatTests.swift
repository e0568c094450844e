import Containers
import Testing
import VideoTypes

@Suite("An output format")
struct OutputFormatTests {
    @Test("An output format is known by the file name's extension, in either case")
    func extensions() {
        for name in ["h264", "264", "avc", "annexb", "H264", "Avc", "hevc", "h265", "265"] {
            #expect(OutputFormat(extension: name) == .annexB)
        }
        for format in [OutputFormat.avcc, .ivf, .obu, .mp4, .mov, .mkv, .webm] {
            #expect(OutputFormat(extension: format.rawValue) == format)
        }
        #expect(OutputFormat(extension: "m4v") == .mp4)
        for name in ["", "avi", ".h264", "h266", "avcc ", "obu-annexb"] {
            #expect(OutputFormat(extension: name) == nil)
        }
    }

    @Test("An output format belongs to one extension each")
    func unique() {
        let all = OutputFormat.allCases.flatMap(\.extensions)
        #expect(Set(all).count == all.count)
    }

    @Test(
        "An output format is written by libavformat or by a writer of ours, never by both",
        arguments: OutputFormat.allCases
    )
    func writers(format: OutputFormat) {
        let description = ContainerDescription(codec: .av1, size: PictureSize(width: 64, height: 64))
        #expect((format.streamWriter(description) == nil) == format.isContainer)
        #expect(format.hasTimes || !format.isContainer)
    }

    @Test("Output formats are named in a message by what they store")
    func names() {
        #expect(OutputFormat.names(where: \.isContainer) == "mp4, mov, mkv or webm")
        #expect(OutputFormat.names(or: "a side file", where: \.hasTimes) == "ivf, mp4, mov, mkv, webm or a side file")
        #expect(OutputFormat.names { $0.tick > 1 } == "mkv or webm")
        #expect(OutputFormat.names { $0.container?.layout == .isoBoxes } == "mp4 or mov")
    }

    @Test("An output format reports how the encoder frames its chunks", arguments: OutputFormat.allCases)
    func framing(format: OutputFormat) {
        let takesRecord = [.avcc, .mp4, .mov, .mkv].contains(format)
        #expect(format.avcFormat == (takesRecord ? .avc : .annexB))
        #expect(format.hevcFormat == (takesRecord ? .hevc : .annexB))
    }

    @Test("An output format refuses a codec that it cannot store, and names the formats that can")
    func refusesCodec() {
        let error = #expect(throws: EncoderConfigError.self) { try OutputFormat.mp4.check(.vp8) }
        #expect(error == .unsupported("MP4 cannot store VP8 (use ivf, mkv or webm)"))
        #expect(throws: EncoderConfigError.self) { try OutputFormat.webm.check(.h264) }
        #expect(throws: EncoderConfigError.self) { try OutputFormat.annexB.check(.av1) }
        #expect(throws: Never.self) { try OutputFormat.obuAnnexB.check(.av1) }
    }

    @Test("An output format refuses a description of a stream that it would lose")
    func refusesDescription() {
        var description = ContainerDescription(codec: .vp9, size: PictureSize(width: 2, height: 2))
        #expect(throws: Never.self) { try OutputFormat.webm.check(description) }
        description.orientation.flip = true
        for format in [OutputFormat.mp4, .mkv, .webm] {
            #expect(throws: Never.self) { try format.check(description) }
        }
        // Elementary streams do not store it; it is in the chunk lines.
        #expect(throws: Never.self) { try OutputFormat.ivf.check(description) }
        description.orientation = .upright
        description.hasAlpha = true
        #expect(throws: Never.self) { try OutputFormat.mkv.check(description) }
        #expect(throws: EncoderConfigError.self) { try OutputFormat.mp4.check(description) }
        description.codec = .av1
        #expect(throws: EncoderConfigError.self) { try OutputFormat.mkv.check(description) }
        description.hasAlpha = false
        description.fragment = true
        #expect(throws: EncoderConfigError.self) { try OutputFormat.mkv.check(description) }
        #expect(throws: Never.self) { try OutputFormat.mp4.check(description) }
    }
}
