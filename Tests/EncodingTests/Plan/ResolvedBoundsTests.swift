import Jobs
import TestSupport
import Testing

@testable import Encoding

@Suite("The bounds of a pipeline")
struct ResolvedBoundsTests {
    private func resolve(depth: Int = 16, maxBytes: Int? = nil, picture: Int) throws -> ResolvedBounds {
        var bounds = PipelineBounds()
        (bounds.queueDepth, bounds.maxBytes) = (depth, maxBytes)
        return try ResolvedBounds(bounds, pictureBytes: picture, scratchBytes: 0)
    }

    @Test("The bounds of a pipeline are kept for all requests")
    func kept() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of ResolvedBoundsTests.kept: \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let picture = Int.random(in: 1...50_000_000, using: &random)
            let depth = Int.random(in: 1...100, using: &random)
            let maxBytes = Bool.random(using: &random) ? Int.random(in: 1...400_000_000, using: &random) : nil
            let allowed = maxBytes ?? max(PipelineBounds.usualBytes, picture * 4 + 1)
            guard let bounds = try? resolve(depth: depth, maxBytes: maxBytes, picture: picture) else {
                #expect(maxBytes != nil && allowed < picture * 4 + 1, "seed \(seed)")
                continue
            }
            #expect(bounds.pictures * picture + bounds.chunkBytes <= allowed, "seed \(seed)")
            #expect((3...(depth + 2)).contains(bounds.pictures), "seed \(seed)")
            #expect(bounds.queue.hard <= depth && bounds.queue.hard == bounds.pictures - 2, "seed \(seed)")
        }
    }

    @Test("The bounds of a pipeline name an alternative if three pictures do not fit")
    func tooSmall() throws {
        let error = #expect(throws: JobError.self) { try resolve(maxBytes: 1000, picture: 300) }
        let text = "\(try #require(error))"
        #expect(text.contains("3 pictures of 300 bytes, their chunks"))
        let needed = try #require(text.split { !$0.isNumber }.last.flatMap { Int($0) })
        #expect(try resolve(maxBytes: needed, picture: 300).pictures == 3)
        #expect(throws: JobError.self) { try resolve(maxBytes: needed - 3, picture: 300) }
    }

    @Test("The bounds of a pipeline grow with a large picture by default")
    func largePicture() throws {
        #expect(try resolve(picture: 100 << 20).pictures == 3)
        #expect(try resolve(picture: 1).pictures == 18)
    }
}
