"""The guided tour for a first visit: eight stops on the real page, offered once, there again whenever one asks for it."""
