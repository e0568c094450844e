internal import ArgumentParser

/// Audio in the output, for media inputs only.
struct AudioFlags: ParsableArguments {
    @Flag(help: "Copy the audio of a media input, without encoding it, into mp4, mov, mkv or webm.")
    var copyAudio = false
}
