# cmake --install: the tools, and the notices that go with them. Tests are not installed.

include(GNUInstallDirs)
foreach(tool tenon tenon-opt)
  if(TARGET ${tool})
    # LLVM's shared libraries lie in a folder of their own.
    set_target_properties(${tool} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
    install(TARGETS ${tool} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
install(FILES LICENSE THIRD-PARTY-NOTICES.md README.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
