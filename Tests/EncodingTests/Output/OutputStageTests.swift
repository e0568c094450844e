import Containers
import Ingest
import Jobs
import TestSupport
import Testing
import VideoTypes

@testable import Encoding

@Suite("The output stage")
struct OutputStageTests {
    private let chunk = EncodedVideoChunk(
        type: .key,
        timestamp: 0,
        duration: nil,
        data: [UInt8](repeating: 1, count: 1 << 20)
    )

    private func stage(_ destination: ByteSink.Destination) throws -> OutputStage {
        try OutputStage(
            OutputDescription(destination, format: .ivf),
            container: ContainerDescription(codec: .vp8, size: PictureSize(width: 64, height: 48)),
            maxBytes: 1 << 22,
            temporaries: TemporaryFiles(),
            progress: JobProgress()
        )
    }

    @Test("The output stage reports the error that it is abandoned for, if nothing failed before, and leaves no file")
    func abandoned() throws {
        let folder = try TemporaryFolder()
        let stage = try stage(.path(folder.path("a.ivf")))
        try stage.write(chunk)
        #expect("\(stage.abandon(after: .interrupted))" == "\(JobError.interrupted)")
        #expect(!folder.exists("a.ivf"))
        #expect(throws: (any Error).self) { try stage.write(chunk) }
    }

    @Test("The output stage reports its own first error, and not that of an encoder that failed because of it")
    func first() throws {
        let stage = try stage(.path("/dev/full"))
        #expect(throws: (any Error).self) { for _ in 0..<100 { try stage.write(chunk) } }
        guard case .output = stage.abandon(after: .interrupted) else {
            Issue.record("another error than that of the output")
            return
        }
    }
}
