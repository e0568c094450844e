import Testing
import VideoTypes

@testable import Jobs

@Suite("A line of progress")
struct ProgressRecordTests {
    private func snapshot(_ known: Int?, chunks: Int = 6, seconds: Double = 0.5) -> JobProgress.Snapshot {
        JobProgress.Snapshot(
            framesIn: 8,
            bytesIn: 27_648,
            chunksOut: chunks,
            bytesOut: 2116,
            knownFrames: known,
            seconds: seconds,
            framerate: FrameRate("30"),
            bottleneck: .ingest
        )
    }

    @Test("A line of progress that was written before is read and written again byte for byte")
    func roundTrip() throws {
        let line = try GoldenFiles.text("progress.jsonl")
        let record = try #require(ProgressRecord(line))
        #expect(record.line + "\n" == line && record.frames == 6 && record.bottleneck == .ingest)
    }

    @Test("A line of progress has its keys in order, three digits after each point, and null for what nobody knows")
    func writing() {
        #expect(
            ProgressRecord(snapshot(12)).line == """
                {"progress":{"frames":6,"framesIn":8,"totalFrames":12,"bytesIn":27648,"bytesOut":2116,"fps":12.000,"speed":0.400,\
                "bitrate":84640.000,"seconds":0.500,"secondsLeft":0.500,"bottleneck":"ingest"}}
                """
        )
        #expect(
            ProgressRecord(snapshot(nil, chunks: 0, seconds: 0)).line == """
                {"progress":{"frames":0,"framesIn":8,"totalFrames":null,"bytesIn":27648,"bytesOut":2116,"fps":0.000,"speed":0.000,\
                "bitrate":0.000,"seconds":0.000,"secondsLeft":null,"bottleneck":"ingest"}}
                """
        )
        #expect(ProgressRecord(snapshot(6, seconds: 1e300)).line.contains("\"seconds\":0,"))
    }

    @Test("A line of progress is read as what was written, for everything that can be unknown")
    func reading() {
        for known in [nil, 6, 1 << 48] {
            let record = ProgressRecord(snapshot(known))
            #expect(ProgressRecord(record.line)?.totalFrames == known)
            #expect(ProgressRecord(record.line)?.line == record.line)
        }
    }

    @Test(
        "A line of progress with missing keys, other kinds, impossible numbers or repeated keys is not taken",
        arguments: [
            ("\"frames\":6", "\"other\":6"), ("\"frames\":6", "\"frames\":\"6\""), ("\"frames\":6", "\"frames\":-1"),
            ("\"frames\":6", "\"frames\":9223372036854775807"), ("\"frames\":6", "\"frames\":1e300"),
            ("\"frames\":6", "\"frames\":6,\"frames\":7"), ("\"totalFrames\":6", "\"totalFrames\":-6"),
            ("\"bottleneck\":\"ingest\"", "\"bottleneck\":\"moon\""), ("\"progress\"", "\"regress\""), ("}}", "}"),
        ]
    )
    func hostile(value: String, other: String) throws {
        let line = try GoldenFiles.text("progress.jsonl")
        try #require(line.contains(value))
        #expect(ProgressRecord(line.replacing(value, with: other)) == nil)
    }
}
