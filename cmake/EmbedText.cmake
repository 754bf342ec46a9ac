# cmake -DFILES=a;b -DOUTPUT=x.inc -P EmbedText.cmake: writes the files, one after the other, as C++ string literals.
set(text "")
foreach(file ${FILES})
  file(READ ${file} content)
  # A compiler need not take a literal of more than 64 KiB: one literal a file, concatenated by the compiler.
  string(APPEND text "R\"__text__(${content})__text__\"\n")
endforeach()
file(WRITE ${OUTPUT}.tmp "${text}")
file(COPY_FILE ${OUTPUT}.tmp ${OUTPUT} ONLY_IF_DIFFERENT)
file(REMOVE ${OUTPUT}.tmp)
file(TOUCH_NOCREATE ${OUTPUT})
