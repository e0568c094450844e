import EncoderCore
import VPXBackend
import VideoTypes

/// A backend and the frames that it is given.
struct VPXBackendUnderTest: ~Copyable {
    private let recipe: Recipe
    private var backend: VPXBackend

    init(_ recipe: Recipe) throws {
        self.recipe = recipe
        backend = try VPXBackend(recipe.validated(), logger: .silent)
    }

    /// Gives it a frame, and takes a chunk if there is one.
    mutating func encode(_ number: Int) throws -> EncodedVideoChunk? {
        try backend.submit(recipe.frame(number), options: EncodeOptions())
        return try backend.nextChunk()
    }
}
